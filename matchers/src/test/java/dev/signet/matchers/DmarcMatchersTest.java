// SPDX-License-Identifier: Apache-2.0
package dev.signet.matchers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.inbound.Verdict;
import org.apache.mailet.Attribute;
import org.apache.mailet.base.GenericMatcher;
import org.apache.mailet.base.test.FakeMail;
import org.apache.mailet.base.test.FakeMatcherConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import jakarta.mail.MessagingException;

import java.util.List;

/** Four questions about one result: what it is, what the owner asks for and what others may find that he does, what is done. */
class DmarcMatchersTest {

    /** A failure of a domain with p=reject that pct let off with quarantine. */
    private static final String SAMPLED_OUT = """
            {"dkim":[],"arc":{"result":"none","instances":0,"oldestPass":0,"sealers":[],"reason":"r"},"dmarc":{"result":"fail","authorDomain":"example.com","policyDomain":"example.com","discovery":"treewalk",
            "requested":"reject","disposition":"quarantine","reason":"neither SPF nor DKIM passed","sampled":false,
            "overrides":[{"type":"sampled_out","comment":"pct=30"}],"alignedSpf":null,"alignedDkim":[],
            "record":"v=DMARC1; p=reject; pct=30","origin":"author","organizationalDomain":"example.com"}}""";

    private static final String PASSED = """
            {"dkim":[],"arc":{"result":"none","instances":0,"oldestPass":0,"sealers":[],"reason":"r"},"dmarc":{"result":"pass","authorDomain":"example.com","policyDomain":"example.com","discovery":"treewalk",
            "requested":"reject","disposition":"none","reason":"aligned","sampled":true,"overrides":[],"alignedSpf":"example.com",
            "alignedDkim":[],"record":"v=DMARC1; p=reject","origin":"author","organizationalDomain":"example.com"}}""";

    /** No policy; and, where a From field is no such thing, nobody's policy but a disposition of ours. */
    private static final String WITHOUT_POLICY = """
            {"dkim":[],"arc":{"result":"none","instances":0,"oldestPass":0,"sealers":[],"reason":"r"},"dmarc":{"result":"none","authorDomain":"example.com","policyDomain":null,"discovery":null,"requested":"none",
            "disposition":"none","reason":"no record","sampled":true,"overrides":[],"alignedSpf":null,"alignedDkim":[]}}""";

    private static final String UNCLEAR = """
            {"dkim":[],"arc":{"result":"none","instances":0,"oldestPass":0,"sealers":[],"reason":"r"},"dmarc":{"result":"permerror","authorDomain":null,"policyDomain":null,"discovery":null,"requested":"none",
            "disposition":"reject","reason":"no From field","sampled":true,
            "overrides":[{"type":"local_policy","comment":"not exactly one author domain"}],"alignedSpf":null,"alignedDkim":[]}}""";

    private static final String TEMPORARY = WITHOUT_POLICY.replace("\"result\":\"none\",\"authorDomain\"", "\"result\":\"temperror\",\"authorDomain\"");

    private static final String USER = """
            {"dkim":[],"arc":{"result":"none","instances":0,"oldestPass":0,"sealers":[],"reason":"r"},"auth":"user"}""";

    private static String json(String name) {
        return switch (name) {
            case "sampled out" -> SAMPLED_OUT;
            case "passed" -> PASSED;
            case "without policy" -> WITHOUT_POLICY;
            case "unclear" -> UNCLEAR;
            case "temporary" -> TEMPORARY;
            default -> USER;
        };
    }

    private static GenericMatcher matcher(String name, String condition) throws MessagingException {
        GenericMatcher matcher = switch (name) {
            case "DmarcIs" -> new DmarcIs();
            case "DmarcPolicyIs" -> new DmarcPolicyIs();
            case "AuthorPolicyIs" -> new AuthorPolicyIs();
            default -> new DmarcDispositionIs();
        };
        matcher.init(FakeMatcherConfig.builder().matcherName(name).condition(condition).build());
        return matcher;
    }

    private static FakeMail mail(String verdict) throws Exception {
        FakeMail mail = FakeMail.builder().name("mail").sender("a@example.com").recipients("b@example.net", "c@example.net").build();
        mail.setAttribute(Attribute.convertToAttribute(Verdict.ATTRIBUTE, verdict));
        return mail;
    }

    @ParameterizedTest
    @CsvSource({
        "DmarcIs,            fail,       sampled out,    true",
        "DmarcIs,            pass,       sampled out,    false",
        "DmarcIs,            none,       without policy, true",
        "DmarcIs,            permerror,  unclear,        true",
        "DmarcPolicyIs,      reject,     sampled out,    true",
        "DmarcPolicyIs,      quarantine, sampled out,    false",
        "DmarcPolicyIs,      reject,     passed,         true",
        "DmarcPolicyIs,      none,       without policy, false",
        "DmarcPolicyIs,      none,       unclear,        false",
        "AuthorPolicyIs,     reject,     sampled out,    true",
        "AuthorPolicyIs,     quarantine, sampled out,    false",
        "AuthorPolicyIs,     reject,     passed,         true",
        "AuthorPolicyIs,     none,       passed,         false",
        "AuthorPolicyIs,     none,       without policy, true",
        "AuthorPolicyIs,     reject,     without policy, false",
        "AuthorPolicyIs,     reject,     temporary,      true",
        "AuthorPolicyIs,     reject,     unclear,        true",
        "DmarcDispositionIs, quarantine, sampled out,    true",
        "DmarcDispositionIs, reject,     sampled out,    false",
        "DmarcDispositionIs, none,       passed,         true",
        "DmarcDispositionIs, reject,     unclear,        true"
    })
    void askTheStoredVerdict(String matcher, String condition, String verdict, boolean matches) throws Exception {
        FakeMail mail = mail(json(verdict));

        assertThat(matcher(matcher, condition).match(mail)).isEqualTo(matches ? mail.getRecipients() : List.of());
    }

    @Test
    void takeSeveralWords() throws Exception {
        assertThat(matcher("DmarcIs", "permerror, Fail").match(mail(SAMPLED_OUT))).hasSize(2);
        assertThat(matcher("DmarcPolicyIs", "quarantine,reject").match(mail(SAMPLED_OUT))).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "DmarcIs | pass,fail,none,temperror,permerror", "DmarcPolicyIs | none,quarantine,reject", "DmarcDispositionIs | none,quarantine,reject"
    })
    void matchNothingWhereThereIsNoResult(String matcher, String everything) throws Exception {
        assertThat(matcher(matcher, everything).match(mail(USER))).isEmpty();
        assertThat(matcher(matcher, everything).match(mail("no verdict"))).isEmpty();
    }

    /** A list has to reckon with any policy of mail that nothing is known about, of our own users above all. */
    @ParameterizedTest
    @ValueSource(strings = {"none", "quarantine", "reject"})
    void theOneAboutReceiversOutsideMatchesWhereNothingIsKnown(String condition) throws Exception {
        assertThat(matcher("AuthorPolicyIs", condition).match(mail(USER))).hasSize(2);
        assertThat(matcher("AuthorPolicyIs", condition).match(mail("no verdict"))).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"DmarcPolicyIs", "DmarcDispositionIs", "AuthorPolicyIs"})
    void sayWhatIsWrongWithACondition(String matcher) {
        assertThatThrownBy(() -> matcher(matcher, "fail"))
                .isInstanceOf(MessagingException.class)
                .hasMessage("matcher " + matcher + ": found condition \"fail\", expected one or more of none, quarantine, reject, with commas "
                        + "between them");
    }
}
