// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The method touches what a read section pins (descriptors, mappings, buffers of nodes): its caller holds an open section
 * and keeps it open until the method returns. A caller that itself carries this annotation holds one already.
 *
 * <p>It says nothing about threads, and stands beside a threading rule. On types and parameters, and through overriding,
 * as {@link AnyThread} says.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.CONSTRUCTOR, ElementType.TYPE, ElementType.PARAMETER})
public @interface RequiresReadSection {}
