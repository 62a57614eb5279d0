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

/** What became of a chain, and who sealed last. */
class ArcMatchersTest {

    private static GenericMatcher matcher(GenericMatcher matcher, String condition) throws MessagingException {
        matcher.init(FakeMatcherConfig.builder().matcherName(matcher.getClass().getSimpleName()).condition(condition).build());
        return matcher;
    }

    private static FakeMail mail(String arc) throws Exception {
        FakeMail mail = FakeMail.builder().name("mail").sender("a@example.com").recipients("b@example.net", "c@example.net").build();
        mail.setAttribute(Attribute.convertToAttribute(Verdict.ATTRIBUTE, "{\"dkim\":[],\"arc\":" + arc + "}"));
        return mail;
    }

    private static String arc(String state, String sealers) {
        return "{\"result\":\"" + state + "\",\"instances\":2,\"oldestPass\":0,\"sealers\":[" + sealers + "],\"reason\":\"r\"}";
    }

    @ParameterizedTest
    @CsvSource({
        "pass,           pass,      true",
        "pass,           fail,      false",
        "'none, FAIL',   fail,      true",
        "none,           none,      true",
        "temperror,      temperror, true",
        "'pass,fail',    temperror, false"
    })
    void askWhatBecameOfTheChain(String condition, String state, boolean matches) throws Exception {
        FakeMail mail = mail(arc(state, ""));

        assertThat(matcher(new ArcIs(), condition).match(mail)).isEqualTo(matches ? mail.getRecipients() : List.of());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "list.example                   | pass      | forward.example,list.example | true",
        "LIST.example                   | pass      | forward.example,list.example | true",
        "other.example, list.example    | pass      | list.example | true",
        "*.list.example                 | pass      | a.list.example | true",
        "*.list.example                 | pass      | list.example | false",
        "list.example                   | pass      | a.list.example | false",
        // A trusted sealer behind somebody newer proves nothing.
        "list.example                   | pass      | list.example,evil.example    | false",
        // What no verdict of ours says, and must not be believed if one does.
        "list.example                   | fail      | list.example | false",
        "list.example                   | temperror | list.example | false",
        "list.example                   | none      |                                  | false",
    })
    void askWhoSealedLast(String condition, String state, String sealers, boolean matches) throws Exception {
        FakeMail mail = mail(arc(state, sealers == null ? "" : '"' + sealers.replace(",", "\",\"") + '"'));

        assertThat(matcher(new SealedBy(), condition).match(mail)).isEqualTo(matches ? mail.getRecipients() : List.of());
    }

    @Test
    void matchNothingWithoutAVerdict() throws Exception {
        FakeMail mail = FakeMail.builder().name("mail").recipients("b@example.net").build();

        assertThat(matcher(new ArcIs(), "none,pass,fail,temperror").match(mail)).isEmpty();
        assertThat(matcher(new SealedBy(), "list.example").match(mail)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "list.example,", "list.example,,x.example", "@list.example", "*", "a b", "list.example # ours"})
    void sayWhatIsWrongWithAListOfSealers(String condition) {
        assertThatThrownBy(() -> matcher(new SealedBy(), condition))
                .isInstanceOf(MessagingException.class)
                .hasMessage("matcher SealedBy: found condition \"" + condition
                        + "\", expected one or more domains such as list.example, *.forward.example, with commas between them");
    }

    @Test
    void sayWhatIsWrongWithAListOfResults() {
        assertThatThrownBy(() -> matcher(new ArcIs(), "permerror"))
                .hasMessage("matcher ArcIs: found condition \"permerror\", expected one or more of none, pass, fail, temperror, "
                        + "with commas between them");
    }
}
