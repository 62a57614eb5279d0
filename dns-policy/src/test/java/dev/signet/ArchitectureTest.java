// SPDX-License-Identifier: Apache-2.0
package dev.signet;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import java.util.Collection;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentMap;

/** The walls between the packages, and what none of them may do. */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.signet");

    /** By the declared type: an unmodifiable List is fine, an ArrayList is not. */
    private static final DescribedPredicate<JavaClass> MUTABLE = describe("mutable", type ->
            ((type.isAssignableTo(Collection.class) || type.isAssignableTo(Map.class)) && !type.isInterface())
                    || type.isAssignableTo(ConcurrentMap.class)
                    || type.isAssignableTo(Random.class)
                    || type.isAssignableTo(ThreadLocal.class)
                    || type.isAssignableTo(StringBuilder.class)
                    || type.getPackageName().equals("java.util.concurrent.atomic"));

    @Test
    void thereAreClassesToCheck() {
        assertThat(CLASSES).isNotEmpty();
    }

    @Test
    void packagesDependOneWayOnly() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .withOptionalLayers(true)
                .layer("basics").definedBy("dev.signet.dns..", "dev.signet.message..", "dev.signet.authres..", "dev.signet.file..")
                .layer("protocols").definedBy(
                        "dev.signet.spf..", "dev.signet.iprev..", "dev.signet.dkim..", "dev.signet.dmarc..", "dev.signet.keys..",
                        "dev.signet.srs..")
                .layer("built on protocols").definedBy("dev.signet.senderid..", "dev.signet.arc..", "dev.signet.report..")
                .layer("inbound").definedBy("dev.signet.inbound..")
                .layer("store").definedBy("dev.signet.store..")
                .layer("sending").definedBy("dev.signet.sending..")
                .layer("cli").definedBy("dev.signet.cli..")
                .whereLayer("cli").mayNotBeAccessedByAnyLayer()
                .whereLayer("sending").mayOnlyBeAccessedByLayers("cli")
                .whereLayer("store").mayOnlyBeAccessedByLayers("sending", "cli")
                .whereLayer("inbound").mayOnlyBeAccessedByLayers("cli")
                .whereLayer("built on protocols").mayOnlyBeAccessedByLayers("inbound", "store", "sending", "cli")
                .whereLayer("protocols").mayOnlyBeAccessedByLayers("built on protocols", "inbound", "store", "sending", "cli")
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.signet.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void onlyDnsKnowsDnsjava() {
        noClasses().that().resideOutsideOfPackage("dev.signet.dns..")
                .should().dependOnClassesThat().resideInAPackage("org.xbill..")
                .check(CLASSES);
    }

    @Test
    void onlyTheStoreKnowsDatabasesAndWhatSendsKnowsSql() {
        noClasses().that().resideOutsideOfPackage("dev.signet.store..")
                .should().dependOnClassesThat().resideInAnyPackage("javax.sql..", "org.h2..", "org.postgresql..", "com.zaxxer..", "org.flywaydb..")
                .check(CLASSES);
        noClasses().that().resideOutsideOfPackages("dev.signet.store..", "dev.signet.sending..", "dev.signet.cli..")
                .should().dependOnClassesThat().resideInAnyPackage("java.sql..")
                .check(CLASSES);
    }

    @Test
    void nothingKnowsJamesOrJakartaMail() {
        DescribedPredicate<JavaClass> server = JavaClass.Predicates.resideInAnyPackage(
                "org.apache.james..", "org.apache.mailet..", "jakarta.mail..", "javax.mail..");
        // A library of MIME that James is built with, and nothing of James.
        DescribedPredicate<JavaClass> mime4j = JavaClass.Predicates.resideInAPackage("org.apache.james.mime4j..");
        noClasses().should().dependOnClassesThat(server.and(DescribedPredicate.not(mime4j))).check(CLASSES);
        noClasses().that().resideOutsideOfPackage("dev.signet.report..").should().dependOnClassesThat(mime4j).check(CLASSES);
    }

    @Test
    void thereIsNoStaticMutableState() {
        fields().that().areStatic().should().beFinal().check(CLASSES);
        fields().that().areStatic().and().doNotHaveModifier(JavaModifier.SYNTHETIC).should()
                .notHaveRawType(MUTABLE)
                .check(CLASSES);
        fields().that(describe("are static arrays", ArchitectureTest::isStaticArray)).should().bePrivate()
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    private static boolean isStaticArray(JavaField field) {
        return field.getModifiers().contains(JavaModifier.STATIC)
                && !field.getModifiers().contains(JavaModifier.SYNTHETIC)
                && field.getRawType().isArray();
    }
}
