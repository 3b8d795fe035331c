// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

import org.junit.jupiter.api.Test;

class VersionInFieldTest extends SectionCheckTest {
    VersionInFieldTest() {
        super(VersionInField.class);
    }

    @Test
    void fields() {
        compile("""
                // BUG the field seen keeps a Version
                volatile Version<Plan> seen;
                // BUG shared
                static Version<?> shared;
                @SuppressWarnings("rawtypes")
                // BUG raw
                Version raw;
                """);
    }

    @Test
    void contents() {
        compile("""
                // BUG keeps a Version
                final AtomicReference<Version<Plan>> reference = new AtomicReference<>();
                // BUG keeps a Version
                List<Version<?>> list;
                // BUG keeps a Version
                Map<String, ? extends Version<Plan>> map;
                // BUG keeps a Version
                Optional<Version<Plan>> optional;
                // BUG keeps a Version
                Version<?>[][] array;
                // BUG keeps a Version
                List<Map.Entry<String, List<Version<Plan>[]>>> deep;
                // BUG keeps a Version
                ThreadLocal<Version<Plan>> local = new ThreadLocal<>();
                """);
    }

    @Test
    void records() {
        compile("""
                // BUG keeps a Version
                record Pair(String id, Version<Plan> version) {}
                """);
    }

    @Test
    void typeVariables() {
        compile("""
                static class Holder<V extends Version<?>, R extends List<R>> {
                    // BUG keeps a Version
                    V held;
                    R other;
                }
                """);
    }

    @Test
    void accepts() {
        compile("""
                @VolatileLoad
                private volatile Version<Plan> current;

                long number;
                Supplier<Version<Plan>> load;
                Function<Version<Plan>, String> name;
                Class<Version<Plan>> type;
                LiveGraph<Plan> graph;
                Route<Plan> route;
                List<? super Version<Plan>> sink;

                long local(Version<Plan> parameter) {
                    Version<Plan> version = live.current();
                    List<Version<Plan>> few = List.of(version);
                    return version.number();
                }

                @SuppressWarnings("VersionInField") // a history of one test
                Version<Plan> suppressed;
                """);
    }
}
