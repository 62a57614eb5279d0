// SPDX-License-Identifier: Apache-2.0
package dev.signet.matchers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.inbound.Verdict;
import org.apache.mailet.Attribute;
import org.apache.mailet.base.test.FakeMail;
import org.apache.mailet.base.test.FakeMatcherConfig;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import jakarta.mail.MessagingException;

import java.util.List;

class SpfIsTest {

    /** MAIL FROM ended with softfail, the HELO name with pass. */
    private static final String STRANGER = """
            {"client":{"ip":"192.0.2.1","helo":"helo.example.com","mailFrom":"a@example.com"},
            "spf":{"mailfrom":{"result":"softfail","domain":"example.com","reason":"r","sender":"a@example.com"},
            "helo":{"result":"pass","domain":"helo.example.com","reason":"r","sender":"postmaster@helo.example.com"}},
            "iprev":{"result":"permerror","name":null,"reason":"r"},"dkim":[],
            "arc":{"result":"none","instances":0,"oldestPass":0,"sealers":[],"reason":"r"}}""";

    private static final String USER = """
            {"dkim":[],"auth":"user",
            "arc":{"result":"none","instances":0,"oldestPass":0,"sealers":[],"reason":"r"}}""";

    private static FakeMail mail(String verdict) throws Exception {
        FakeMail mail = FakeMail.builder().name("mail").sender("a@example.com").recipient("b@example.net").build();
        mail.setAttribute(Attribute.convertToAttribute(Verdict.ATTRIBUTE, verdict));
        return mail;
    }

    private static SpfIs matcher(String condition) throws MessagingException {
        SpfIs matcher = new SpfIs();
        matcher.init(FakeMatcherConfig.builder().matcherName("SpfIs").condition(condition).build());
        return matcher;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "softfail | true",
        "fail,Softfail | true",
        "pass | false",
        "helo:pass | true",
        "helo:softfail, none | false",
    })
    void matchesTheResultOfTheIdentityThatIsNamed(String condition, boolean matches) throws Exception {
        FakeMail mail = mail(STRANGER);
        assertThat(matcher(condition).match(mail)).isEqualTo(matches ? mail.getRecipients() : List.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"none,pass,fail,softfail,neutral,temperror,permerror", "helo:none,pass"})
    void matchesNobodyWhoProvedWhoHeIs(String condition) throws Exception {
        assertThat(matcher(condition).match(mail(USER))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "helo:", "failed", "mailfrom:pass"})
    void refusesWhatIsNoResult(String condition) {
        assertThatThrownBy(() -> matcher(condition))
                .isInstanceOf(MessagingException.class)
                .hasMessageContaining("matcher SpfIs: found condition \"" + condition + "\", expected one or more of none, neutral, pass");
    }
}
