// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The method may be called from any thread: it neither blocks, nor waits for a grace period, nor touches what is confined
 * to one IOThread.
 *
 * <p>On a type it is the rule of each method and constructor that the type declares and that has no rule of its own or
 * inherited. A method inherits the rule of the method that it overrides, and may promise callers more (any thread, where
 * the overridden one said IOThread) but never less. On a parameter of a functional type it is the rule of the lambda or method
 * reference that is passed there.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.CONSTRUCTOR, ElementType.TYPE, ElementType.PARAMETER})
public @interface AnyThread {}
