package io.milena.log;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.milena.log");

    /** What every package may use: the language, the exceptions of the log, and whom to tell of damage. */
    private static final DescribedPredicate<JavaClass> COMMON = resideInAnyPackage(
                    "java..", "org.jspecify.annotations", "org.slf4j")
            .or(type(LogException.class))
            .or(type(LogError.class))
            .or(type(Damage.class))
            .or(type(Damage.Kind.class))
            .or(type(Damage.Listener.class))
            .or(type(InvalidRecordException.class))
            .or(type(InvalidRecordException.RecordError.class));

    @ParameterizedTest
    @CsvSource({
        "compress, com.github.luben.zstd.. org.xerial.snappy.. net.jpountz..",
        "batch, io.milena.log.compress",
        "epoch, java..",
        "producer, io.milena.log.batch",
        "segment, io.milena.log.batch com.github.benmanes.caffeine..",
        "recovery, io.milena.log.segment io.milena.log.batch io.milena.log.producer io.milena.log.epoch",
        "clean, io.milena.log.segment io.milena.log.batch io.milena.log.compress",
    })
    void shouldDependOnlyOnWhatThePackageTableAllows(String name, String allowed) {
        String own = "io.milena.log." + name;
        classes()
                .that(resideInAPackage(own))
                .should()
                .onlyDependOnClassesThat(COMMON.or(resideInAPackage(own)).or(resideInAnyPackage(allowed.split(" "))))
                .check(CLASSES);
    }

    @ParameterizedTest
    @CsvSource("io.milena.log")
    void shouldNotKnowTheProtocolOrTheNetwork(String name) {
        classes()
                .that(resideInAPackage(name))
                .should()
                .onlyDependOnClassesThat(COMMON.or(resideInAPackage("io.milena.log..")))
                .check(CLASSES);
    }
}
