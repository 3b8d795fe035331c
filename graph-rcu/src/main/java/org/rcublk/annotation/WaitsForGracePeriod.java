// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The method returns only after readers are gone. A call of it from an IOThread, however indirect, can wait for a
 * request that only this IOThread could complete, and is an error; so is a call of it inside a read section of the same
 * domain.
 *
 * <p>On types and parameters, and through overriding, as {@link AnyThread} says.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.CONSTRUCTOR, ElementType.TYPE, ElementType.PARAMETER})
public @interface WaitsForGracePeriod {}
