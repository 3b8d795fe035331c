// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The field is one side of a store-load pairing: what loads it inside a read section or behind an announcement must be a
 * volatile load. An acquire load may be ordered before an earlier volatile store, and the pairing is lost; an x86 machine never
 * shows it. The annotation stands on the field, or on the {@link java.lang.invoke.VarHandle} that accesses it.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.FIELD)
public @interface VolatileLoad {}
