// SPDX-License-Identifier: Apache-2.0
package dev.signet.matchers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.arc.ArcResult;
import dev.signet.dkim.DkimFailure;
import dev.signet.dkim.DkimResult;
import dev.signet.dkim.DkimState;
import dev.signet.inbound.Verdict;
import org.apache.mailet.Attribute;
import org.apache.mailet.base.test.FakeMail;
import org.apache.mailet.base.test.FakeMatcherConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import jakarta.mail.MessagingException;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

class DkimIsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "pass | PASS | true",
        "pass | FAIL | false",
        "Fail, TEMPERROR | TEMPERROR | true",
        "none | '' | true",
        "pass,fail,policy,neutral,temperror,permerror | '' | false",
        "fail | FAIL PASS | false",
        "pass | FAIL PERMERROR PASS | true",
        "permerror | PERMERROR NEUTRAL | false",
        "temperror | FAIL TEMPERROR | true",
        "fail | NEUTRAL FAIL PERMERROR | true",
    })
    void matchesTheResultOfTheBestSignature(String condition, String signatures, boolean matches) throws Exception {
        List<DkimResult> results = Stream.of(signatures.split(" "))
                .filter(state -> !state.isEmpty())
                .map(state -> new DkimResult(DkimState.valueOf(state), "reason", null, null, null, null, 0, null, false, null, DkimFailure.OTHER))
                .toList();
        FakeMail mail = mail();
        mail.setAttribute(Attribute.convertToAttribute(Verdict.ATTRIBUTE, new Verdict(Optional.empty(), Optional.empty(), results, ArcResult.NONE, Optional.empty(), null, null).toJson()));

        assertThat(matcher(condition).match(mail)).isEqualTo(matches ? mail.getRecipients() : List.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "pass", "none,pass,fail,policy,neutral,temperror,permerror"})
    void matchesNoMailThatNobodyVerified(String condition) throws Exception {
        assertThat(matcher(condition).match(mail())).isEmpty();
    }

    @Test
    void matchesNothingWhereTheVerdictCannotBeRead() throws Exception {
        FakeMail mail = mail();
        mail.setAttribute(Attribute.convertToAttribute(Verdict.ATTRIBUTE, "no JSON"));

        assertThat(matcher("none").match(mail)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "passed", "pass,", "pass fail"})
    void refusesWhatIsNoResult(String condition) {
        assertThatThrownBy(() -> matcher(condition))
                .isInstanceOf(MessagingException.class)
                .hasMessage("matcher DkimIs: found condition \"" + condition + "\", expected one or more of none, pass, fail, "
                        + "policy, neutral, temperror, permerror, with commas between them");
    }

    @Test
    void knowsAllResults() throws Exception {
        for (DkimState state : DkimState.values()) {
            matcher(state.toString().toUpperCase(Locale.ROOT));
        }
    }

    private static DkimIs matcher(String condition) throws MessagingException {
        DkimIs matcher = new DkimIs();
        matcher.init(FakeMatcherConfig.builder().matcherName("DkimIs").condition(condition).build());
        return matcher;
    }

    private static FakeMail mail() throws MessagingException {
        return FakeMail.builder().name("mail").sender("a@example.com").recipients("b@example.net", "c@example.net").build();
    }
}
