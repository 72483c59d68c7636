package io.milena.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Disabled;

/** What no test of the server does: be skipped, sleep, or depend on a mock. */
@AnalyzeClasses(packages = "io.milena", importOptions = ImportOption.OnlyIncludeTests.class)
class TestRulesTest {
    @ArchTest
    static final ArchRule noTestIsDisabled = noMethods().should().beAnnotatedWith(Disabled.class);

    @ArchTest
    static final ArchRule noClassIsDisabled = noClasses().should().beAnnotatedWith(Disabled.class);

    @ArchTest
    static final ArchRule noTestDependsOnACondition =
            noClasses().should().dependOnClassesThat().resideInAPackage("org.junit.jupiter.api.condition");

    @ArchTest
    static final ArchRule nothingIsAssumed = noClasses()
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("org.junit.jupiter.api.Assumptions")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("org.assertj.core.api.Assumptions");

    @ArchTest
    static final ArchRule nobodySleeps = noClasses().should().callMethod(Thread.class, "sleep", long.class);
}
