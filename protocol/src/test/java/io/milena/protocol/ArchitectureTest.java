package io.milena.protocol;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.milena.protocol", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] JDK = {"java..", "org.jspecify.annotations"};

    @ArchTest
    static final ArchRule wireDependsOnTheJdkAlone = classes()
            .that()
            .resideInAPackage("io.milena.protocol.wire")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(JDK[0], JDK[1], "io.milena.protocol.wire");

    @ArchTest
    static final ArchRule protocolDependsOnTheJdkAlone = classes()
            .that()
            .resideInAnyPackage("io.milena.protocol", "io.milena.protocol.message")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    JDK[0], JDK[1], "io.milena.protocol", "io.milena.protocol.wire", "io.milena.protocol.message");

    @ArchTest
    static final ArchRule onlyApiKeyKnowsTheMessages = noClasses()
            .that()
            .resideInAPackage("io.milena.protocol")
            .and()
            .haveNameNotMatching("io\\.milena\\.protocol\\.ApiKey.*")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.milena.protocol.message");
}
