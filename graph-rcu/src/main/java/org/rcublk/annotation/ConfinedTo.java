// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The field is read and written by one thread only, and needs no ordering because of that. A method that other threads run
 * ({@link AnyThread}, {@link GlobalState}, {@link WaitsForGracePeriod}) must not access it, itself or through methods
 * without a rule. Constructors and initializers may: nobody else sees the object yet.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.FIELD)
public @interface ConfinedTo {
    /**
     * Whose field it is.
     *
     * @return the thread in words, such as "the IOThread of the queue"
     */
    String value();
}
