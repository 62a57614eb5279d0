// SPDX-License-Identifier: Apache-2.0
package dev.signet.matchers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.inbound.Verdict;
import org.apache.mailet.Attribute;
import org.apache.mailet.base.test.FakeMail;
import org.apache.mailet.base.test.FakeMatcherConfig;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

class SenderIdIsTest {

    private static final String NEUTRAL = """
            {"senderId":{"result":"neutral","pra":"a@example.com","domain":"example.com","field":"from","reason":"r"},"dkim":[],
            "arc":{"result":"none","instances":0,"oldestPass":0,"sealers":[],"reason":"r"}}""";

    private static final String WITHOUT = """
            {"dkim":[],"arc":{"result":"none","instances":0,"oldestPass":0,"sealers":[],"reason":"r"}}""";

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"neutral, pass | true", "fail | false"})
    void matchesTheStoredResult(String condition, boolean matches) throws Exception {
        FakeMail mail = mail(NEUTRAL);
        assertThat(matcher(condition).match(mail)).isEqualTo(matches ? mail.getRecipients() : List.of());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"none, neutral, pass, fail, softfail, temperror, permerror"})
    void matchesNothingWhereSenderIdIsOff(String condition) throws Exception {
        assertThat(matcher(condition).match(mail(WITHOUT))).isEmpty();
    }

    private static FakeMail mail(String verdict) throws Exception {
        FakeMail mail = FakeMail.builder().name("mail").sender("a@example.com").recipient("b@example.net").build();
        mail.setAttribute(Attribute.convertToAttribute(Verdict.ATTRIBUTE, verdict));
        return mail;
    }

    private static SenderIdIs matcher(String condition) throws Exception {
        SenderIdIs matcher = new SenderIdIs();
        matcher.init(FakeMatcherConfig.builder().matcherName("SenderIdIs").condition(condition).build());
        return matcher;
    }
}
