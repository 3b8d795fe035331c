// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

import org.junit.jupiter.api.Test;

class ReadSectionRequiredTest extends SectionCheckTest {
    ReadSectionRequiredTest() {
        super(ReadSectionRequired.class);
    }

    @Test
    void noSection() {
        compile("""
                void none(Plan plan) {
                    // BUG Plan.use() requires a read section
                    plan.use();
                }

                void token(Plan plan, long token) {
                    // BUG Plan.use()
                    plan.use();
                }

                // BUG Plan.next()
                Plan field = new LiveGraph<Plan>(null).current().route("a").plan().next();

                {
                    // BUG Plan.use()
                    field.use();
                }
                """);
    }

    @Test
    void beforeAndAfter() {
        compile("""
                void before(Plan plan) {
                    // BUG Plan.use()
                    plan.use();
                    long token = domain.downRead();
                    plan.use();
                    domain.upRead(token);
                    // BUG Plan.use()
                    plan.use();
                }

                void tryBlock(Plan plan) {
                    try (ReadSection section = domain.read()) {
                        plan.use();
                    } finally {
                        // BUG Plan.use()
                        plan.use();
                    }
                }
                """);
    }

    @Test
    void notOnEveryPath() {
        compile("""
                void branch(Plan plan, boolean a) {
                    long token = -1;
                    if (a) {
                        token = domain.downRead();
                    }
                    // BUG on some path
                    plan.use();
                    if (token != -1) {
                        domain.upRead(token);
                    }
                }

                void rounds(Plan plan) {
                    long token = domain.downRead();
                    for (int i = 0; i < count; i++) {
                        // BUG on some path
                        plan.use();
                        if (i == 1) {
                            domain.upRead(token);
                        }
                    }
                }
                """);
    }

    @Test
    void notAfterEachCaseOrCatch() {
        compile("""
                void switched(Plan plan, Mode mode) {
                    long token = domain.downRead();
                    switch (mode) {
                        case A -> domain.upRead(token);
                        case B -> plan.use();
                    }
                    // BUG on some path
                    plan.use();
                }

                void caught(Plan plan) {
                    try {
                        work();
                        long token = domain.downRead();
                        plan.use();
                        domain.upRead(token);
                    } catch (RuntimeException e) {
                        // BUG on some path
                        plan.use();
                    }
                }
                """);
    }

    @Test
    void lambdasDoNotInherit() {
        compile("""
                @RequiresReadSection
                void held(List<Plan> plans) {
                    // BUG Plan.use()
                    plans.forEach(plan -> plan.use());
                    // BUG method reference to use()
                    plans.forEach(Plan::use);
                    // BUG Plan.use()
                    Runnable later = () -> plans.get(0).use();
                    new Object() {
                        void run() {
                            // BUG Plan.use()
                            plans.get(0).use();
                        }
                    };
                }
                """);
    }

    @Test
    void inheritedRules() {
        compile("""
                static class Impl implements Plan {
                    @Override
                    public int use() {
                        return next().use() + helper();
                    }

                    @Override
                    public Plan next() {
                        return this;
                    }

                    @Override
                    public String name() {
                        // BUG Impl.use()
                        return "n" + use();
                    }

                    private int helper() {
                        // BUG Impl.next()
                        return next().hashCode();
                    }
                }

                static class Sub extends Impl {
                    @Override
                    public int use() {
                        return super.use();
                    }

                    void other() {
                        // BUG Sub.use()
                        use();
                    }
                }
                """);
    }

    @Test
    void anonymousClassesDoNotInheritTheirMakersClass() {
        compile("""
                @RequiresReadSection
                static class Pinned {
                    Runnable later(Plan plan) {
                        return new Runnable() {
                            @Override
                            public void run() {
                                // BUG Plan.use()
                                plan.use();
                            }
                        };
                    }
                }
                """);
    }

    @Test
    void typesAndConstructors() {
        compile("""
                @RequiresReadSection
                static class Pinned {
                    int size() {
                        return 1;
                    }

                    int twice() {
                        return size() + new Inner().one();
                    }

                    class Inner {
                        int one() {
                            return size();
                        }
                    }
                }

                static class Mapping {
                    @RequiresReadSection
                    Mapping(Case owner) {}
                }

                void use(Pinned pinned) {
                    // BUG Pinned.size()
                    pinned.size();
                    // BUG new Mapping()
                    Mapping mapping = new Mapping(this);
                    // BUG new Pinned()
                    new Pinned();
                }
                """);
    }

    @Test
    void functionalParameters() {
        compile("""
                void inside(@RequiresReadSection Runnable task) {
                    try (ReadSection section = domain.read()) {
                        task.run();
                    }
                }

                void outside(@RequiresReadSection Runnable task) {
                    // BUG Runnable.run() requires
                    task.run();
                }

                interface Task {
                    @RequiresReadSection
                    void run(Plan plan);
                }

                void tasks(Plan plan, boolean a) {
                    inside(() -> plan.use());
                    inside(plan::use);
                    inside(a ? () -> plan.use() : (Runnable) plan::use);
                    Task task = each -> each.use();
                    Task reference = Plan::use;
                    // BUG Task.run()
                    task.run(plan);
                    // BUG method reference to use()
                    Consumer<Plan> plain = Plan::use;
                }
                """);
    }

    @Test
    void genericsAndRecursion() {
        compile("""
                <P extends Plan> int generic(P plan) {
                    // BUG Plan.use()
                    return plan.use();
                }

                @RequiresReadSection
                int depth(Plan plan, int depth) {
                    return depth == 0 ? plan.use() : depth(plan.next(), depth - 1);
                }

                int start(Plan plan) {
                    // BUG Case.depth()
                    return depth(plan, 3);
                }
                """);
    }

    @Test
    void acceptsHeldSections() {
        compile("""
                void token(Plan plan) {
                    long token = domain.downRead();
                    try {
                        plan.use();
                    } finally {
                        plan.use();
                        domain.upRead(token);
                    }
                }

                void forked(Plan plan, long parent) {
                    long token = domain.forkRead(parent);
                    plan.use();
                    domain.upRead(token);
                }

                void section(Plan plan) {
                    try (ReadSection _ = domain.read()) {
                        for (int i = 0; i < count; i++) {
                            plan.next().use();
                        }
                    }
                }

                int given(Plan plan, ReadSection section) {
                    return plan.use();
                }

                void stored(Plan plan) {
                    kept = domain.downRead();
                    plan.use();
                }
                """);
    }

    @Test
    void acceptsOneOfTwoSections() {
        compile("""
                void overlapping(Plan plan) {
                    long first = domain.downRead();
                    long second = domain.downRead();
                    domain.upRead(first);
                    plan.use();
                    domain.upRead(second);
                }
                """);
    }

    @Test
    void acceptsCorrelatedConditions() {
        compile("""
                void flag(Plan plan, boolean a) {
                    long token = a ? domain.downRead() : -1;
                    if (a) {
                        plan.use();
                        domain.upRead(token);
                    }
                }

                void mark(Plan plan) {
                    long token = test() ? domain.downRead() : -1;
                    if (token == -1) {
                        return;
                    }
                    plan.use();
                    domain.upRead(token);
                }

                void switched(Plan plan, Mode mode) {
                    long token = domain.downRead();
                    switch (mode) {
                        case A -> {
                            domain.upRead(token);
                            return;
                        }
                        case B -> count++;
                    }
                    plan.use();
                    domain.upRead(token);
                }
                """);
    }

    @Test
    void acceptsLoops() {
        compile("""
                void rounds(List<Plan> plans) {
                    for (Plan plan : plans) {
                        long token = domain.downRead();
                        if (plan.use() == 0) {
                            domain.upRead(token);
                            continue;
                        }
                        plan.use();
                        domain.upRead(token);
                    }
                }

                void forever(Plan plan) {
                    long token = domain.downRead();
                    while (true) {
                        plan.use();
                        domain.upRead(token);
                        token = domain.downRead();
                    }
                }
                """);
    }

    @Test
    void acceptsSuppression() {
        compile("""
                @SuppressWarnings("ReadSectionRequired")
                int method(Plan plan) {
                    return plan.use();
                }

                void variable(Plan plan) {
                    @SuppressWarnings("ReadSectionRequired")
                    int used = plan.use();
                    @SuppressWarnings("ReadSectionRequired")
                    Runnable lambda = () -> plan.use();
                    @SuppressWarnings("ReadSectionRequired")
                    Runnable reference = plan::use;
                }

                @SuppressWarnings("ReadSectionRequired")
                static class Inner {
                    int field(Plan plan) {
                        return plan.use();
                    }
                }
                """);
    }
}
