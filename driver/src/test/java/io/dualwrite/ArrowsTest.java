package io.dualwrite;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Which of the driver's packages may know which: one direction, no way back up. */
class ArrowsTest {

    private static final String ROOT = "io.dualwrite";

    /** Package to the packages that it may use. Every package may use ladder; the root may use all. */
    private static final Map<String, Set<String>> ARROWS = Map.of(
            "ladder", Set.of(),
            "sql", Set.of(),
            "config", Set.of("sql"),
            "dialect", Set.of("sql"),
            "route", Set.of("sql", "config"),
            "fleet", Set.of("config", "dialect", "sql"),
            "mirror", Set.of("dialect", "config", "sql"),
            "jdbc", Set.of("mirror", "route", "sql", "config", "dialect"),
            "logging", Set.of(),
            "build", Set.of());

    private static final JavaClasses DRIVER = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    @TestFactory
    List<DynamicTest> packageUsesOnlyWhatItMay() {
        return ARROWS.keySet().stream()
                .sorted()
                .map(name -> DynamicTest.dynamicTest(name, () -> arrowsOf(name).check(DRIVER)))
                .toList();
    }

    @Test
    void everyPackageIsOnTheList() {
        Set<String> found = new TreeSet<>();
        for (JavaClass each : DRIVER) {
            if (!each.getPackageName().equals(ROOT)) {
                found.add(each.getPackageName().substring(ROOT.length() + 1));
            }
        }
        assertThat(ARROWS.keySet()).containsAll(found);
    }

    @Test
    void sqlRouteAndLadderKnowNoJdbc() {
        noJdbcIn("sql", "route", "ladder").check(DRIVER);
    }

    @Test
    void onlyMirrorPoolKnowsHikari() {
        noClasses()
                .that()
                .haveNameNotMatching("io\\.dualwrite\\.mirror\\.MirrorPool(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.zaxxer.hikari..")
                .check(DRIVER);
    }

    @Test
    void onlyTheBuildKnowsByteBuddy() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".build")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("net.bytebuddy..")
                .check(DRIVER);
    }

    @Test
    void nobodyPrints() {
        noPrinting().check(DRIVER);
    }

    /** The rules must find what they are there for. */
    @Test
    void plantedFaults_areFound() {
        JavaClasses planted = new ClassFileImporter().importPackages(ROOT + ".planted");
        assertThat(noPrinting().evaluate(planted).hasViolation()).isTrue();
        assertThat(noJdbcIn("planted").evaluate(planted).hasViolation()).isTrue();
        assertThat(mayUse("planted", Set.of("sql")).evaluate(planted).hasViolation())
                .isTrue();
        assertThat(mayUse("planted", Set.of("config")).evaluate(planted).hasViolation())
                .isFalse();
    }

    private static ArchRule arrowsOf(String name) {
        return mayUse(name, ARROWS.get(name));
    }

    private static ArchRule mayUse(String name, Set<String> allowed) {
        DescribedPredicate<JavaClass> forbidden =
                DescribedPredicate.describe("a package that " + name + " may not use", used -> {
                    String other = used.getPackageName();
                    return other.startsWith(ROOT)
                            && !other.equals(ROOT + "." + name)
                            && !other.equals(ROOT + ".ladder")
                            && !used.getName().equals(ROOT + ".build.Generated")
                            && allowed.stream().noneMatch(one -> other.equals(ROOT + "." + one));
                });
        return noClasses()
                .that()
                .resideInAPackage(ROOT + "." + name)
                .should()
                .dependOnClassesThat(forbidden)
                .allowEmptyShould(true);
    }

    private static ArchRule noJdbcIn(String... names) {
        return noClasses()
                .that()
                .resideInAnyPackage(
                        Arrays.stream(names).map(name -> ROOT + "." + name).toArray(String[]::new))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..")
                .allowEmptyShould(true);
    }

    private static ArchRule noPrinting() {
        DescribedPredicate<JavaAccess<?>> console = DescribedPredicate.describe(
                "System.out or System.err",
                access -> access.getTargetOwner().isEquivalentTo(System.class)
                        && Set.of("out", "err").contains(access.getTarget().getName()));
        return noClasses().should().accessTargetWhere(console);
    }
}
