package dev.roster.app;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import org.junit.jupiter.api.Test;

/** The arrows of the house: who may know whom (docs/architecture.md). */
class ArchitectureTest {

    private static final String[] CORE = {
        "dev.roster.discovery",
        "dev.roster.cluster..",
        "dev.roster.identity..",
        "dev.roster.plan..",
        "dev.roster.execute..",
        "dev.roster.reconcile..",
        "dev.roster.ledger..",
        "dev.roster.preflight..",
        "dev.roster.provision..",
        "dev.roster.citus.."
    };

    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("/testkit/") && !location.contains("roster-testkit"))
            .withImportOption(location -> !location.contains("test-classes") && !location.contains("-tests.jar"))
            .importPackages("dev.roster");

    @Test
    void coreSeesNobody() {
        noClasses()
                .that()
                .resideInAnyPackage(CORE)
                .should()
                .dependOnClassesThat(resideInAPackage("dev.roster..").and(resideOutsideOfPackages(CORE)))
                .check(PRODUCT);
    }

    @Test
    void coreKnowsNoFramework() {
        classes()
                .that()
                .resideInAnyPackage(CORE)
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage("java..", "javax.net.ssl..", "javax.sql..", "org.jspecify..", "org.slf4j..")
                                .or(resideInAnyPackage(CORE))
                                .or(resideInAnyPackage("org.postgresql..", "com.fasterxml.jackson.."))
                                .or(primitivesAndArrays()))
                .check(PRODUCT);
    }

    @Test
    void onlyTheCoordinatorAdapterKnowsSqlAndJson() {
        noClasses()
                .that(resideInAnyPackage(CORE).and(resideOutsideOfPackages("dev.roster.citus..")))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.sql..", "javax.sql..", "javax.net.ssl..", "org.postgresql..", "com.fasterxml.jackson..")
                .check(PRODUCT);
    }

    @Test
    void theWayOfTheDataHasOneDirection() {
        noClasses()
                .that()
                .resideInAPackage("dev.roster.plan..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.roster.execute..", "dev.roster.reconcile..", "dev.roster.citus..")
                .check(PRODUCT);
        noClasses()
                .that()
                .resideInAPackage("dev.roster.execute..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.roster.reconcile..", "dev.roster.citus..")
                .check(PRODUCT);
    }

    @Test
    void aSourceSeesOnlyCore() {
        noClasses()
                .that()
                .resideInAPackage("dev.roster.discovery.*..")
                .should()
                .dependOnClassesThat(resideInAPackage("dev.roster..")
                        .and(resideOutsideOfPackages(CORE))
                        .and(resideOutsideOfPackages("dev.roster.discovery.*..")))
                .check(PRODUCT);
    }

    @Test
    void theCompositionRootKnowsNoFramework() {
        noClasses()
                .that()
                .resideInAPackage("dev.roster.app.engine..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.quarkus..", "jakarta..", "io.micrometer..", "io.smallrye..", "picocli..")
                .check(PRODUCT);
    }

    @Test
    void nobodyInCoreReadsAClockBehindTheCallersBack() {
        noClasses()
                .that()
                .resideInAnyPackage(CORE)
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(LocalDateTime.class, "now")
                .orShould()
                .callMethod(LocalDate.class, "now")
                .orShould()
                .callMethod(Clock.class, "systemUTC")
                .orShould()
                .callMethod(Clock.class, "systemDefaultZone")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(PRODUCT);
    }

    private static DescribedPredicate<JavaClass> primitivesAndArrays() {
        return DescribedPredicate.describe("primitives and arrays", type -> type.isPrimitive() || type.isArray());
    }
}
