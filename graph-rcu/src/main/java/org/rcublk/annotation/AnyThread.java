// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The method may be called from any thread: it neither waits nor touches state that is confined to one IOThread.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.CONSTRUCTOR, ElementType.TYPE})
public @interface AnyThread {}
