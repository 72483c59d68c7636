package io.milena.server;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may know whom in the server. A rule about a package that does not exist yet holds. */
@AnalyzeClasses(packages = "io.milena", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String NETTY = "io.netty..";
    private static final String SERVER = "io.milena.server";

    @ArchTest
    static final ArchRule handlersDoNotKnowEachOther = slices().matching(SERVER + ".handler.(*)..")
            .should()
            .notDependOnEachOther()
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule onlyTheWireKnowsNetty = noClasses()
            .that()
            .resideOutsideOfPackages(
                    SERVER + ".network..", SERVER + ".replica..", SERVER + ".strand..", SERVER + ".security.tls..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(NETTY);

    @ArchTest
    static final ArchRule strandsKnowNothing = classes()
            .that()
            .resideInAPackage(SERVER + ".strand..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(SERVER + ".strand..", "io.netty.util..", "java..", "org.slf4j..", "org.jspecify..");

    @ArchTest
    static final ArchRule requestsKnowNoService = mayKnow("request", "request", "config");

    @ArchTest
    static final ArchRule networkKnowsRequestsOnly = mayKnow("network", "network", "request", "strand", "metrics");

    @ArchTest
    static final ArchRule settingsKnowNothing = mayKnow("config", "config");

    @ArchTest
    static final ArchRule coordinatorsDoNotKnowTheNetwork = noClasses()
            .that()
            .resideInAPackage(SERVER + ".coordinator..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(SERVER + ".network..", SERVER + ".handler..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule nobodyBelowKnowsHandlersOrTheNetwork = noClasses()
            .that()
            .resideInAnyPackage(
                    SERVER + ".partition..",
                    SERVER + ".replica..",
                    SERVER + ".cluster..",
                    SERVER + ".quota..",
                    SERVER + ".metrics..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(SERVER + ".handler..", SERVER + ".network..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule nobodyKnowsTheConsole = noClasses()
            .that()
            .resideOutsideOfPackages(SERVER + ".console..", SERVER, "io.milena")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(SERVER + ".console..");

    @ArchTest
    static final ArchRule noConsensusLibrary =
            noClasses().should().dependOnClassesThat().resideInAPackage("org.apache.ratis..");

    @ArchTest
    static final ArchRule nobodyCallsTheConsoleOfTheProcess = noClasses()
            .that()
            .resideOutsideOfPackages(SERVER + ".cli..")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .callMethod(Throwable.class, "printStackTrace");

    @ArchTest
    static final ArchRule nobodySleeps = noClasses().should().callMethod(Thread.class, "sleep", long.class);

    @ArchTest
    static final ArchRule noSharedState = fields().that()
            .areDeclaredInClassesThat(resideInAnyPackage(SERVER + ".."))
            .and()
            .areStatic()
            .should()
            .beFinal();

    private static ArchRule mayKnow(String name, String... known) {
        String[] packages = new String[known.length];
        for (int i = 0; i < known.length; i++) {
            packages[i] = SERVER + "." + known[i] + "..";
        }
        return noClasses()
                .that()
                .resideInAPackage(SERVER + "." + name + "..")
                .should()
                .dependOnClassesThat(resideInAPackage(SERVER + "..")
                        .and(resideInAnyPackage(packages).negate()))
                .allowEmptyShould(true);
    }
}
