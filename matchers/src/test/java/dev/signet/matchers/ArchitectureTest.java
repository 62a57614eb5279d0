// SPDX-License-Identifier: Apache-2.0
package dev.signet.matchers;

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

import java.util.Set;

/** What the adapters must not do. */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.signet.matchers");

    private static final Set<String> WHERE_FIELDS_ARE_SET = Set.of("<init>", "<clinit>", "init");

    @Test
    void thereAreClassesToCheck() {
        assertThat(CLASSES).isNotEmpty();
    }

    @Test
    void mailetsAndMatchersNeverKnowEachOther() {
        noClasses().should().dependOnClassesThat().resideInAnyPackage("dev.signet.mailets..", "dev.signet.cli..").check(CLASSES);
    }

    /** Matchers ask the stored verdict: no DNS, no check of their own. */
    @Test
    void matchersLookNothingUp() {
        noClasses().should().dependOnClassesThat().resideInAnyPackage("org.xbill..", "dev.signet.dns..").check(CLASSES);
        noClasses().should().dependOnClassesThat().haveFullyQualifiedName("dev.signet.inbound.InboundCheck").check(CLASSES);
    }

    @Test
    void staticFieldsAreFinal() {
        fields().that().areStatic().should().beFinal().check(CLASSES);
    }

    /** One instance serves all spool threads at once: what belongs to a message has no place in a field. */
    @Test
    void fieldsAreSetBeforeTheFirstMessageOnly() {
        noClasses().should()
                .setFieldWhere(describe("set after init", ArchitectureTest::isSetAfterInit))
                .check(CLASSES);
    }

    private static boolean isSetAfterInit(JavaFieldAccess access) {
        return access.getAccessType() == AccessType.SET && !WHERE_FIELDS_ARE_SET.contains(access.getOrigin().getName());
    }
}
