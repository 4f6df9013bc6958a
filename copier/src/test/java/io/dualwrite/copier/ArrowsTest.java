package io.dualwrite.copier;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which of the copier's packages may know which. */
class ArrowsTest {

    private static final String ROOT = "io.dualwrite.copier";

    private static final JavaClasses COPIER = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    @Test
    void planKnowsNoStepThatCarriesItOut() {
        forbid("plan", "read", "convert", "write", "diff", "gate", "cli", "console");
    }

    @Test
    void conversionIsPure() {
        forbid("convert", "read", "write", "diff", "gate", "cli", "console");
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".convert..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.sql.Connection")
                .allowEmptyShould(true)
                .check(COPIER);
    }

    @Test
    void ownersOfSourceAndTargetDoNotKnowEachOther() {
        forbid("read", "write", "diff", "gate", "cli", "console");
        forbid("write", "read", "diff", "gate", "cli", "console");
    }

    @Test
    void nobodyKnowsTheCommandLineButItself() {
        classes()
                .that()
                .resideInAPackage(ROOT + ".cli..")
                .should()
                .onlyHaveDependentClassesThat()
                .resideInAPackage(ROOT + ".cli..")
                .allowEmptyShould(true)
                .check(COPIER);
    }

    @Test
    void onlyTheCommandLinePrints() {
        DescribedPredicate<JavaAccess<?>> console = DescribedPredicate.describe(
                "System.out or System.err",
                access -> access.getTargetOwner().isEquivalentTo(System.class)
                        && Set.of("out", "err").contains(access.getTarget().getName()));
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".cli..")
                .should()
                .accessTargetWhere(console)
                .allowEmptyShould(true)
                .check(COPIER);
    }

    @Test
    void nobodyKnowsWhatTheDriverKeepsToItself() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.dualwrite.jdbc..",
                        "io.dualwrite.mirror..",
                        "io.dualwrite.route..",
                        "io.dualwrite.logging..")
                .allowEmptyShould(true)
                .check(COPIER);
    }

    private static void forbid(String name, String... others) {
        for (String other : others) {
            noClasses()
                    .that()
                    .resideInAPackage(ROOT + "." + name + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(ROOT + "." + other + "..")
                    .allowEmptyShould(true)
                    .check(COPIER);
        }
    }
}
