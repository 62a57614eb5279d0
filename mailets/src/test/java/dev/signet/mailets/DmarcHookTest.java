// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import static dev.signet.mailets.MailWorld.verdict;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Splitter;
import dev.signet.dmarc.Disposition;
import dev.signet.dns.RecordType;
import org.apache.commons.configuration2.BaseHierarchicalConfiguration;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.apache.james.core.MailAddress;
import org.apache.james.protocols.smtp.hook.HookResult;
import org.apache.james.protocols.smtp.hook.HookReturnCode;
import org.apache.james.server.core.MailImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the hook tells clients because of DMARC. */
class DmarcHookTest {

    private static final String HELP = ", see https://www.rfc-editor.org/info/rfc9989";
    private static final Map<String, String> ENFORCE = Map.of("mode", "enforce");
    private static final Map<String, String> DEFER = Map.of("mode", "enforce", "temperror", "defer");

    @TempDir
    private Path directory;

    private static VerifyMailHook hook(MailWorld world, Map<String, String> parameters) throws ConfigurationException {
        BaseHierarchicalConfiguration config = new BaseHierarchicalConfiguration();
        parameters.forEach(config::addProperty);
        VerifyMailHook hook = new VerifyMailHook(world.signet, world.failures);
        hook.init(config);
        return hook;
    }

    private static String from(String author) {
        return "From: " + author + "\r\nSubject: invoice\r\nMessage-ID: <1@example.com>\r\n\r\nPay.\r\n";
    }

    private HookResult answer(Map<String, String> settings, Map<String, String> parameters, String policy, String author) throws Exception {
        try (MailWorld world = new MailWorld(directory, settings)) {
            world.dns.txt("_dmarc.example.com", "v=DMARC1; " + policy);
            world.dns.failing("_dmarc.down.example", RecordType.TXT, "SERVFAIL");
            return hook(world, parameters).onMessage(Sessions.from("192.0.2.7"), world.mail(from(author)));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "enforce, p=reject, 550",
        "enforce, p=quarantine, -",
        "enforce, p=none, -",
        "enforce, p=reject; t=y, -",
        "enforce, p=reject; pct=0, -",
        "observe, p=reject, -",
        "tag, p=reject, -"
    })
    void refusesInModeEnforceWhatIsToBeRejectedAndNothingElse(String mode, String policy, String code) throws Exception {
        HookResult answer = answer(Map.of(), Map.of("mode", mode), policy, "ceo@example.com");

        assertThat(answer.getSmtpRetCode()).isEqualTo(code.equals("-") ? null : code);
        assertThat(answer).isEqualTo(code.equals("-") ? HookResult.DECLINED : answer);
    }

    @Test
    void saysWhoseTheRefusalIsAndWhereToReadMore() throws Exception {
        HookResult answer = answer(Map.of(), ENFORCE, "p=reject", "ceo@example.com");

        assertThat(answer.getResult()).isEqualTo(HookReturnCode.deny());
        assertThat(answer.getSmtpDescription()).isEqualTo("5.7.1 Email rejected per DMARC policy for example.com" + HELP);
    }

    @Test
    void saysThatItIsOursWhereTheOwnerDidNotAskForIt() throws Exception {
        HookResult answer = answer(Map.of("dmarc.overrides", "example.com reject"), ENFORCE, "p=none", "ceo@example.com");

        assertThat(answer.getSmtpDescription()).isEqualTo("5.7.1 Email rejected per local DMARC policy for example.com" + HELP);
    }

    @Test
    void namesThePageOfTheAdministrator() throws Exception {
        HookResult answer = answer(
                Map.of(), Map.of("mode", "enforce", "helpUrl", "https://home.example/why?550"), "p=reject", "ceo@example.com");

        assertThat(answer.getSmtpDescription()).endsWith("for example.com, see https://home.example/why?550");
    }

    @Test
    void refusesNothingUnlessItIsToldTo() throws Exception {
        assertThat(answer(Map.of(), Map.of(), "p=reject", "ceo@example.com")).isEqualTo(HookResult.DECLINED);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "own-networks | 192.0.2.7", "dmarc.trusted-networks | 192.0.2.0/24", "relays | 192.0.2.7", "dmarc | false",
        "dmarc.overrides | example.com none", "dmarc.enforce | 0"
    })
    void letsThroughWhatTheSettingsLetThrough(String name, String value) throws Exception {
        assertThat(answer(Map.of(name, value), ENFORCE, "p=reject", "ceo@example.com")).isEqualTo(HookResult.DECLINED);
    }

    @Test
    void refusesRelaysThatPassTheReplyOn() throws Exception {
        Map<String, String> parameters = Map.of("mode", "enforce", "refuseRelays", "true");

        assertThat(answer(Map.of("relays", "192.0.2.7"), parameters, "p=reject", "ceo@example.com").getSmtpRetCode()).isEqualTo("550");
    }

    @Test
    void defersOnATemporaryErrorWhereItIsToldTo() throws Exception {
        HookResult answer = answer(Map.of(), DEFER, "p=none", "ceo@down.example");

        assertThat(answer.getResult()).isEqualTo(HookReturnCode.denySoft());
        assertThat(answer.getSmtpRetCode()).isEqualTo("451");
        assertThat(answer.getSmtpDescription())
                .isEqualTo("4.7.5 Email deferred, DMARC policy for down.example cannot be applied right now" + HELP);
        assertThat(answer(Map.of(), ENFORCE, "p=none", "ceo@down.example")).isEqualTo(HookResult.DECLINED);
        assertThat(answer(Map.of("dmarc.trusted-networks", "192.0.2.7"), DEFER, "p=none", "ceo@down.example")).isEqualTo(HookResult.DECLINED);
    }

    @Test
    void keepsTheVerdictWithMailThatItOnlyWatches() throws Exception {
        try (MailWorld world = new MailWorld(directory)) {
            world.dns.txt("_dmarc.example.com", "v=DMARC1; p=reject");
            MailImpl mail = world.mail(from("ceo@example.com"));
            hook(world, Map.of("mode", "observe", "temperror", "defer")).onMessage(Sessions.from("192.0.2.7"), mail);
            assertThat(verdict(mail).dmarc().orElseThrow().disposition()).isEqualTo(Disposition.REJECT);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "a@example.com, b@other.example",
        "a@example.com\r\nFrom: b@other.example",
        "a@example.com\rQUIT",
        "\"250 2.6.0 Message received\nQUIT\" <a@example.com>",
        "\u00e9\u0000\u001b[31m",
        "<@example.com>",
        "a@exa\u0007mple.com, c@example.com",
        "a@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."
                + "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example.com"
    })
    void answersOnOneShortLineOfPrintableAsciiWhateverTheFromFieldHolds(String author) throws Exception {
        HookResult answer = answer(
                Map.of("dmarc.unclear-author", "reject"),
                Map.of("mode", "enforce", "helpUrl", "https://home.example/" + "x".repeat(129)),
                "p=reject",
                author);

        assertThat(answer.getSmtpRetCode()).isEqualTo("550");
        assertThat(answer.getSmtpDescription()).matches("5\\.7\\.1 Email rejected per DMARC[\\x20-\\x7E]*").hasSizeLessThan(506);
    }

    @ParameterizedTest
    @CsvSource({
        "'', dmarc+0123456789abcdef0123@home.example, -",
        "'', 'dmarc+0123456789abcdef0123@home.example,bob@home.example', 550",
        "'', dmarc+0123456789abcdef012@home.example, 550",
        "'', dmarc@home.example, 550",
        "ceo@example.com, dmarc+0123456789abcdef0123@home.example, 550"
    })
    void takesBackReportsOfOurOwnAndNothingElse(String sender, String recipients, String code) throws Exception {
        try (MailWorld world = new MailWorld(directory, Map.of("reports", "true", "reports.send", "true", "reports.email", "dmarc@home.example"))) {
            world.dns.txt("_dmarc.example.com", "v=DMARC1; p=reject");
            MailImpl mail = world.mail(from("MAILER-DAEMON@example.com"));
            mail.setSender(sender.isEmpty() ? MailAddress.nullSender() : new MailAddress(sender));
            List<MailAddress> to = new ArrayList<>();
            for (String recipient : Splitter.on(',').split(recipients)) {
                to.add(new MailAddress(recipient));
            }
            mail.setRecipients(to);
            HookResult answer = hook(world, ENFORCE).onMessage(Sessions.from("192.0.2.7"), mail);

            assertThat(answer.getSmtpRetCode()).isEqualTo(code.equals("-") ? null : code);
            world.signet.reporting().orElseThrow().close();
        }
    }

    @Test
    void acceptsWhateverGoesWrong() throws Exception {
        try (MailWorld world = new MailWorld(directory)) {
            VerifyMailHook hook = hook(world, DEFER);
            assertThat(hook.onMessage(Sessions.broken(), world.mail(from("ceo@example.com")))).isEqualTo(HookResult.DECLINED);
            assertThat(hook.onMessage(Sessions.from("192.0.2.7"), MailImpl.builder().name("empty").build())).isEqualTo(HookResult.DECLINED);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "mode | reject | one of tag, observe, enforce",
        "temperror | 451 | one of accept, defer",
        "temperror | defer | the mode enforce or observe beside it",
        "helpUrl | see our page | an address that begins with https:// or http://, at most 150 characters of ASCII",
        "refuseRelays | yes | true or false"
    })
    void saysWhatIsWrongWithAParameter(String name, String found, String expected) {
        try (MailWorld world = new MailWorld(directory)) {
            assertThatThrownBy(() -> hook(world, Map.of(name, found)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage("handler dev.signet.mailets.VerifyMailHook: " + name + ": found \"" + found + "\", expected " + expected);
        }
    }
}
