// SPDX-License-Identifier: Apache-2.0
package dev.signet.sending;

import static dev.signet.sending.SendingWorld.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.report.ActionTaken;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Somebody wants us to write to somebody else, or to ourselves, or for ever. */
class ReflectorTest {

    private final SendingWorld world = new SendingWorld(SendingWorld.h2());

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void nobodyGetsAReportWhoDoesNotAgree() throws Exception {
        world.add("evil.example", "p=none; rua=mailto:victim@victim.example.net", 3).record();
        world.node().round();

        assertThat(world.queued).isEmpty();
        assertThat(world.lines().getFirst()).isEqualTo("evil.example: not to mailto:victim@victim.example.net, external, and no DMARC record at "
                + "evil.example._report._dmarc.victim.example.net");
    }

    @Test
    void mailThatWasRefusedCausesNoReportByItselfAndIsCountedInOneThatIsSent() throws Exception {
        world.add("forged.example", "p=reject; rua=mailto:r@forged.example", ActionTaken.REJECT, false, "192.0.2.1")
                .add("both.example", "p=reject; rua=mailto:r@both.example", ActionTaken.REJECT, false, "192.0.2.1")
                .add("both.example", "p=reject; rua=mailto:r@both.example", ActionTaken.PASS, false, "192.0.2.2")
                .record();
        world.node().round();

        assertThat(world.recipients()).containsExactly("r@both.example");
        assertThat(world.lines()).containsExactly(
                "both.example: sent to r@both.example (2 messages)", "forged.example: none, only mail that was refused, or reports");
    }

    @Test
    void aReportIsNotReportedOn() throws Exception {
        world.add("peer.example", "p=reject; rua=mailto:r@peer.example", ActionTaken.PASS, true, "192.0.2.1").record();
        world.node().round();

        assertThat(world.queued).isEmpty();
    }

    @Test
    void ofManyUrisFiveAreWrittenToAndOfManyDomainsOneHostGetsNoMoreThanItsShare() throws Exception {
        world.rules = new SendingRules(1, List.of(), name -> false, 7);
        String uris = IntStream.range(0, 50).mapToObj(i -> "mailto:r" + i + "@many.example").collect(Collectors.joining(","));
        world.add("many.example", "p=none; rua=" + uris, 1);
        world.dns.txt("_dmarc.evil.example", "v=DMARC1; p=none");
        for (int i = 0; i < 20; i++) {
            world.add("d" + i + ".evil.example", "p=none; rua=mailto:r" + i + "@evil.example", 1);
        }
        world.record();
        world.node().round();

        assertThat(world.recipients().stream().filter(to -> to.endsWith("@many.example"))).hasSize(5);
        assertThat(world.recipients().stream().filter(to -> to.endsWith("@evil.example"))).hasSize(7);
        assertThat(world.lines().stream().filter(line -> line.endsWith("its host has got 7 about this day"))).hasSize(13);
    }

    @Test
    void whoSendsAMailBackGetsNoneForAMonth() throws Exception {
        world.add("one.example", "p=none; rua=mailto:R@one.example", 1).record();
        ReportSender node = world.node();
        node.round();
        OutgoingMail mail = world.queued.getFirst();
        String token = mail.sender().substring(mail.sender().indexOf('+') + 1, mail.sender().indexOf('@'));
        assertThat(world.progress().bounced(token, "550 5.1.1 no such user")).isTrue();
        world.queued.clear();

        world.add("two.example", "p=none; rua=mailto:r@ONE.example", 1).record();
        world.dns.txt("two.example._report._dmarc.one.example", "v=DMARC1");
        ReportSender second = world.node();
        second.round();

        assertThat(world.queued).isEmpty();
        assertThat(world.lines().get(1)).startsWith("two.example: not to mailto:r@ONE.example, mail to it came back, nothing before 2026-12-23T12:00:00Z: 550");
        world.later(Duration.ofDays(31));
        SendRequest byHand = new SendRequest(world.database, SendingWorld.DAY, true);
        second.round();
        assertThat(byHand.answer()).isPresent();
    }

    @Test
    void aForgedBounceSuppressesNobody() throws Exception {
        world.add("one.example", "p=none; rua=mailto:r@one.example", 1).record();
        world.node().round();

        assertThat(world.progress().bounced("0123456789abcdef0123", "550 forged")).isFalse();
        world.progress().failed("nonsense", true, "forged");
        world.progress().failed("' or 1=1 -- 1", true, "forged");

        assertThat(Sql.query(world.database, "select address from signet_suppressed_address", row -> row.text("address"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "skipped.example, mailto:r@skipped.example, the settings skip skipped.example",
        "home.example,    mailto:r@home.example,    home.example is a domain of ours",
        "few.example,     mailto:r@few.example,     '1 messages, fewer than 2'",
        "one.example,     mailto:r@skipped.example, 'not to mailto:r@skipped.example, the settings skip skipped.example'",
    })
    void theSettingsKeepWhatTheyAreToldToKeep(String domain, String uri, String reason) throws Exception {
        world.rules = new SendingRules(2, world.rules.skip(), world.rules.local(), 1000);
        world.dns.txt("one.example._report._dmarc.skipped.example", "v=DMARC1");
        world.add(domain, "p=none; rua=" + uri, domain.startsWith("few") ? 1 : 2).record();
        world.node().round();

        assertThat(world.queued).isEmpty();
        assertThat(world.lines().getFirst()).endsWith(reason);
    }

    @Test
    void noMachineIsToAnswerAReportAndTheEnvelopeSenderIsOurs() throws Exception {
        world.add("one.example", "p=none; rua=mailto:r@one.example", 1).record();
        world.node().round();

        assertThat(text(world.queued.getFirst())).contains("\r\nAuto-Submitted: auto-generated\r\n");
        assertThat(world.queued.getFirst().sender()).endsWith("@home.example");
    }

    @Test
    void whatAStrangerPutsIntoItsRecordAddsNoFieldAndNoRecipient() throws Exception {
        world.add("one.example", "p=none; rua=mailto:r@one.example?cc=victim@victim.example.net&subject=x,"
                + "mailto:a%0d%0aBcc:victim@one.example", 1).record();
        world.node().round();

        assertThat(world.recipients()).containsExactly("r@one.example");
        assertThat(text(world.queued.getFirst())).doesNotContainIgnoringCase("victim");
    }
}
