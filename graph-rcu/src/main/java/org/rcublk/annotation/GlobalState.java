// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The method belongs to the control path: it may block and wait for grace periods, and must never run on an IOThread.
 *
 * <p>On types and parameters, and through overriding, as {@link AnyThread} says.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.CONSTRUCTOR, ElementType.TYPE, ElementType.PARAMETER})
public @interface GlobalState {}
