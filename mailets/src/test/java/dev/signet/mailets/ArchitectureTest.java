// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import com.tngtech.archunit.core.domain.JavaFieldAccess.AccessType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import java.io.OutputStream;
import java.util.Set;

/** What the adapters must not do. */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.signet.mailets");

    private static final Set<String> WHERE_FIELDS_ARE_SET = Set.of("<init>", "<clinit>", "init");

    @Test
    void thereAreClassesToCheck() {
        assertThat(CLASSES).isNotEmpty();
    }

    @Test
    void mailetsAndMatchersNeverKnowEachOther() {
        noClasses().should().dependOnClassesThat().resideInAnyPackage("dev.signet.matchers..", "dev.signet.cli..").check(CLASSES);
    }

    @Test
    void noPacketLeavesFromHere() {
        noClasses().should().dependOnClassesThat().resideInAPackage("org.xbill..").check(CLASSES);
    }

    @Test
    void whatAListDoesToAMessageKnowsNothingOfJames() {
        noClasses().that().resideInAPackage("dev.signet.mailets.list..")
                .should().dependOnClassesThat().resideInAnyPackage("org.apache..", "dev.signet.mailets")
                .check(CLASSES);
    }

    @Test
    void staticFieldsAreFinal() {
        fields().that().areStatic().should().beFinal().check(CLASSES);
    }

    /** One instance serves all spool threads at once: what belongs to a message has no place in a field, but for a stream of its own. */
    @Test
    void fieldsAreSetBeforeTheFirstMessageOnly() {
        noClasses().that().areNotAssignableTo(OutputStream.class).should()
                .setFieldWhere(describe("set after init", ArchitectureTest::isSetAfterInit))
                .check(CLASSES);
    }

    private static boolean isSetAfterInit(JavaFieldAccess access) {
        return access.getAccessType() == AccessType.SET && !WHERE_FIELDS_ARE_SET.contains(access.getOrigin().getName());
    }
}
