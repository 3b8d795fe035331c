// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which package may know which. Storage-daemon's class path holds every module, so the rules stand here. */
@AnalyzeClasses(packages = "org.rcublk", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ANNOTATION = "org.rcublk.annotation..";
    private static final String RCU = "org.rcublk.rcu..";
    private static final String GRAPH = "org.rcublk.graph..";
    private static final String IO = "org.rcublk.io..";
    private static final String DRIVER = "org.rcublk.driver..";
    private static final String JOB = "org.rcublk.job..";
    private static final String VIEW = "org.rcublk.view..";
    private static final String HISTORY = "org.rcublk.history..";
    private static final String CHECKS = "org.rcublk.checks..";
    private static final String CALLGRAPH = "org.rcublk.callgraph..";
    private static final String DAEMON = "org.rcublk.daemon..";

    @ArchTest
    static final ArchRule annotationKnowsNothingOfOurs = onlyOurs(ANNOTATION);

    @ArchTest
    static final ArchRule rcuKnowsNothingButTheAnnotations = onlyOurs(RCU, ANNOTATION);

    @ArchTest
    static final ArchRule graphKnowsRcu = onlyOurs(GRAPH, RCU, ANNOTATION);

    @ArchTest
    static final ArchRule ioKnowsGraph = onlyOurs(IO, GRAPH, RCU, ANNOTATION);

    @ArchTest
    static final ArchRule driversKnowIo = onlyOurs(DRIVER, IO, GRAPH, RCU, ANNOTATION);

    @ArchTest
    static final ArchRule jobsKnowIo = onlyOurs(JOB, IO, GRAPH, RCU, ANNOTATION);

    @ArchTest
    static final ArchRule viewKnowsGraph = onlyOurs(VIEW, GRAPH, ANNOTATION);

    @ArchTest
    static final ArchRule historyKnowsGraph = onlyOurs(HISTORY, VIEW, GRAPH, RCU, ANNOTATION);

    /** Built before all else, and of use without it: the annotations are known by name. */
    @ArchTest
    static final ArchRule checksKnowNothingOfOurs = onlyOurs(CHECKS);

    @ArchTest
    static final ArchRule callGraphKnowsWhatBlocks = onlyOurs(CALLGRAPH, CHECKS);

    @ArchTest
    static final ArchRule callGraphNeedsNoCompiler = noClasses()
            .that()
            .resideInAPackage(CALLGRAPH)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.google.errorprone..", "com.sun..");

    @ArchTest
    static final ArchRule driversDoNotKnowEachOther = slices().matching("org.rcublk.driver.(*)..")
            .should()
            .notDependOnEachOther()
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule packagesHaveNoCycle =
            slices().matching("org.rcublk.(**)").should().beFreeOfCycles().allowEmptyShould(true);

    @ArchTest
    static final ArchRule vavrOnlyWhereTheGraphIs = noClasses()
            .that()
            .resideInAnyPackage(RCU, ANNOTATION)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.vavr..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule agronaOnlyFromIoUp = noClasses()
            .that()
            .resideInAnyPackage(RCU, ANNOTATION, GRAPH)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.agrona..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule chronicleOnlyInTheHistory = noClasses()
            .that()
            .resideOutsideOfPackages(HISTORY, DRIVER)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("net.openhft..");

    @ArchTest
    static final ArchRule nobodyUsesUnsafe =
            noClasses().should().dependOnClassesThat().haveFullyQualifiedName("sun.misc.Unsafe");

    @ArchTest
    static final ArchRule nobodyUsesInternals =
            noClasses().should().dependOnClassesThat().resideInAnyPackage("jdk.internal..", "sun..");

    @ArchTest
    static final ArchRule onlyTheDaemonPrints = noClasses()
            .that()
            .resideOutsideOfPackage(DAEMON)
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule onlyTheDaemonExits = noClasses()
            .that()
            .resideOutsideOfPackage(DAEMON)
            .should()
            .callMethod(System.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "halt", int.class)
            .allowEmptyShould(true);

    /** Of our own packages, {@code self} uses itself and those named; other people's are another rule's matter. */
    private static ArchRule onlyOurs(String self, String... others) {
        return classes()
                .that()
                .resideInAPackage(self)
                .should()
                .onlyDependOnClassesThat(resideOutsideOfPackage("org.rcublk..")
                        .or(resideInAPackage(self))
                        .or(resideInAnyPackage(others)))
                .allowEmptyShould(true);
    }
}
