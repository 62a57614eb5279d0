// SPDX-License-Identifier: Apache-2.0
package dev.signet.sending;

import static dev.signet.sending.SendingWorld.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.dns.RecordType;
import dev.signet.report.AggregateReportReader;
import dev.signet.report.ReadLimits;
import dev.signet.report.ReadReport;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** What is sent, to whom and when; asked of every database. */
abstract class ReportSenderContract extends WithSendingWorld {

    private static ReadReport read(OutgoingMail mail) throws IOException {
        String text = text(mail);
        String attachment = text.substring(text.indexOf("base64\r\n\r\n") + 10, text.lastIndexOf("\r\n--"));
        return new AggregateReportReader(ReadLimits.DEFAULT).read(new ByteArrayInputStream(Base64.getMimeDecoder().decode(attachment)));
    }

    @Test
    void aReportOfTheDayGoesToWhomTheRecordNames() throws Exception {
        world.add("one.example", "p=none; rua=mailto:r@one.example", 3).record();

        world.node().round();

        assertThat(world.queued).singleElement().satisfies(mail -> {
            assertThat(mail.recipient()).isEqualTo("r@one.example");
            assertThat(mail.sender()).matches("bounces\\+[0-9a-f]{20}@home\\.example");
            assertThat(text(mail)).startsWith("From: dmarc@home.example\r\nTo: r@one.example\r\nSubject: Report Domain: one.example")
                    .contains("\r\nAuto-Submitted: auto-generated\r\n");
            assertThat(read(mail)).isInstanceOfSatisfying(ReadReport.Sound.class, report -> assertThat(report.report().messages()).isEqualTo(3));
        });
        assertThat(world.lines()).containsExactly("one.example: sent to r@one.example (3 messages)");
    }

    @Test
    void nothingLeavesBeforeItsTimeAndEverythingWithinTheWindow() throws Exception {
        for (int i = 0; i < 40; i++) {
            world.add("d" + i + ".example", "p=none; rua=mailto:r@d" + i + ".example", 1);
        }
        world.record();
        world.now = Instant.parse("2026-11-22T23:59:59Z");
        ReportSender node = world.node();
        List<Integer> sentByThen = new ArrayList<>();
        for (String time : List.of("22T23:59:59", "23T00:29:59", "23T02:00:00", "23T04:00:00", "23T06:30:00")) {
            world.now = Instant.parse("2026-11-" + time + "Z");
            node.beat();
            node.round();
            sentByThen.add(world.queued.size());
        }

        assertThat(sentByThen).isSorted().startsWith(0, 0).endsWith(40);
        assertThat(sentByThen.get(2)).isBetween(1, 39);
    }

    @Test
    void whatTheQueueDoesNotTakeIsTriedAgainWithTheSameMessage() throws Exception {
        world.add("one.example", "p=none; rua=mailto:r@one.example", 3).record();
        List<OutgoingMail> refused = new ArrayList<>();
        ReportSender node = world.node(mail -> {
            if (refused.size() < 2) {
                refused.add(mail);
                throw new IOException("no space");
            }
            world.queued.add(mail);
        });

        node.round();
        assertThat(world.queued).isEmpty();
        assertThat(world.lines().getFirst()).contains("not all of it was accepted by the queue: java.io.IOException: no space; once more at");
        for (int i = 0; i < 4; i++) {
            world.later(Duration.ofHours(2));
            node.beat();
            node.round();
        }

        assertThat(world.queued).singleElement().satisfies(mail -> assertThat(mail.message()).isEqualTo(refused.getFirst().message()));
        assertThat(world.queued.getFirst().sender()).isEqualTo(refused.getFirst().sender());
    }

    @Test
    void whatTheDnsLeavesOpenIsSentLaterAndTheRestOnlyOnce() throws Exception {
        world.add("one.example", "p=none; rua=mailto:r@one.example,mailto:x@two.example.net", 3).record();
        String name = "one.example._report._dmarc.two.example.net";
        world.dns.failing(name, RecordType.TXT, "SERVFAIL");
        ReportSender node = world.node();
        node.round();
        assertThat(world.recipients()).containsExactly("r@one.example");
        assertThat(world.lines().getFirst()).contains("not yet to mailto:x@two.example.net, the DNS does not say whether it may: TXT " + name + ": SERVFAIL");

        world.dns.answering(name).txt(name, "v=DMARC1");
        world.later(Duration.ofHours(1));
        node.beat();
        node.round();

        assertThat(world.recipients()).containsExactly("r@one.example", "x@two.example.net");
        assertThat(world.lines()).containsExactly("one.example: has been sent to r@one.example; sent to x@two.example.net (3 messages)");
    }

    @Test
    void whatStaysOpenIsGivenUpInTheEndUntilSomebodyAsksForIt() throws Exception {
        world.add("one.example", "p=none; rua=mailto:x@two.example.net", 3).record();
        String name = "one.example._report._dmarc.two.example.net";
        world.dns.failing(name, RecordType.TXT, "SERVFAIL");
        ReportSender node = world.node();
        for (int hour = 0; hour < 100; hour += 2) {
            node.beat();
            node.round();
            world.later(Duration.ofHours(2));
        }

        assertThat(world.queued).isEmpty();
        assertThat(world.lines().getFirst()).startsWith("one.example: given up until it is asked for: not yet to mailto:x@two.example.net");

        SendRequest unused = new SendRequest(world.database, SendingWorld.DAY, false);
        node.round();
        assertThat(world.lines().getFirst()).as("patience begins anew").contains("SERVFAIL; once more at 2026-11-27T");

        world.dns.answering(name).txt(name, "v=DMARC1");
        world.later(Duration.ofHours(1));
        node.round();
        assertThat(world.recipients()).containsExactly("x@two.example.net");
    }

    @Test
    void whatWasGivenUpBeforeAQueueTookItIsSentWhenSomebodyAsks() throws Exception {
        world.add("one.example", "p=none; rua=mailto:r@one.example", 3).record();
        AtomicBoolean full = new AtomicBoolean(true);
        ReportSender node = world.node(mail -> {
            if (full.get()) {
                throw new IOException("no space");
            }
            world.queued.add(mail);
        });
        for (int day = 0; day < 5; day++) {
            node.beat();
            node.round();
            world.later(Duration.ofDays(1));
        }
        assertThat(world.states()).singleElement().extracting(ReportState::state).isEqualTo("given-up");

        full.set(false);
        SendRequest request = new SendRequest(world.database, SendingWorld.DAY, false);
        node.beat();
        node.round();

        assertThat(world.recipients()).containsExactly("r@one.example");
        assertThat(request.answer()).hasValueSatisfying(lines -> assertThat(lines).containsExactly("one.example: sent to r@one.example (3 messages)"));
    }

    @Test
    void whoeverAsksByHandDoesNotWaitForTheNightsReports() throws Exception {
        for (int i = 0; i < 20; i++) {
            world.add("d" + i + ".example", "p=none; rua=mailto:r@d" + i + ".example", 1);
        }
        world.record();
        List<SendRequest> requests = new ArrayList<>();
        ReportSender node = world.node(mail -> {
            world.queued.add(mail);
            if (requests.isEmpty()) {
                requests.add(request());
            }
        });

        node.round();
        assertThat(world.queued).hasSize(1);
        node.round();

        assertThat(requests.getFirst().answer()).isPresent();
        assertThat(world.recipients()).hasSize(20).doesNotHaveDuplicates();
    }

    private SendRequest request() {
        try {
            return new SendRequest(world.database, SendingWorld.DAY, true);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aMailThatTheDatabaseHasForgottenMayLeave() throws Exception {
        assertThat(world.progress().departs("0123456789abcdef0123456789abcdef 1")).isTrue();
    }

    @Test
    void anAddressIsForgottenOnceItMayBeWrittenToAgain() throws Exception {
        world.add("one.example", "p=none; rua=mailto:r@one.example", 3).record();
        ReportSender node = world.node();
        node.round();
        world.progress().failed(world.queued.getFirst().tag(), true, "550 no \0such us\u00e9r\ud800");
        assertThat(suppressed()).containsExactly("r@one.example");

        world.later(Duration.ofDays(29));
        node.round();
        assertThat(suppressed()).hasSize(1);
        world.later(Duration.ofDays(2));
        node.round();
        assertThat(suppressed()).isEmpty();
    }

    private List<String> suppressed() throws SQLException {
        return Sql.query(world.database, "select address from signet_suppressed_address", row -> row.text("address"));
    }

    @Test
    void aDayThatPassedWhileNobodyRanIsReportedOn() throws Exception {
        world.add("one.example", "p=none; rua=mailto:r@one.example", 3).record();
        world.now = Instant.parse("2026-11-25T03:00:00Z");

        world.node().round();

        assertThat(world.recipients()).containsExactly("r@one.example");
    }

    @Test
    void byHandItGoesAtOnceAndTheAnswerSaysWhatBecameOfEach() throws Exception {
        world.add("one.example", "p=none; rua=mailto:r@one.example", 3).add("skipped.example", "p=none; rua=mailto:r@skipped.example", 1).record();
        world.now = Instant.parse("2026-11-23T00:00:05Z");
        ReportSender node = world.node();
        node.round();
        assertThat(world.queued).isEmpty();

        SendRequest dry = new SendRequest(world.database, SendingWorld.DAY, true);
        assertThat(dry.taken()).isFalse();
        node.round();
        assertThat(dry.answer()).hasValueSatisfying(lines -> assertThat(lines).containsExactlyInAnyOrder(
                "one.example (3 messages): to r@one.example, the policy domain itself",
                "skipped.example (1 messages): none, the settings skip skipped.example"));
        assertThat(world.queued).isEmpty();

        for (int i = 0; i < 2; i++) {
            SendRequest request = new SendRequest(world.database, SendingWorld.DAY, false);
            node.round();
            assertThat(request.answer()).hasValueSatisfying(lines -> assertThat(lines).containsExactly(
                    "one.example: sent to r@one.example (3 messages)", "skipped.example: none, the settings skip skipped.example"));
        }
        assertThat(world.recipients()).containsExactly("r@one.example");

        SendRequest today = new SendRequest(world.database, SendingWorld.DAY.plusDays(1), false);
        node.round();
        assertThat(today.answer()).hasValueSatisfying(lines -> assertThat(lines.getFirst()).startsWith("2026-11-23 is not over in UTC"));
    }

    @Test
    void aRequestThatNobodyTookCanBeWithdrawn() throws Exception {
        world.add("one.example", "p=none; rua=mailto:r@one.example", 3).record();
        world.now = Instant.parse("2026-11-23T00:00:05Z");
        new SendRequest(world.database, SendingWorld.DAY, false).withdraw();

        world.node().round();

        assertThat(world.queued).isEmpty();
    }

    @Test
    void ofAReportInSeveralFilesEachFileGoesToEachRecipientOnce() throws Exception {
        world.add("one.example", "p=none; rua=mailto:r@one.example,mailto:s@one.example", 16_000).record();
        world.roundWithBeats(world.node());

        List<String> keys = world.queued.stream().map(mail -> mail.recipient() + text(mail).lines().filter(l -> l.startsWith("Message-ID")).findFirst()).toList();
        assertThat(keys).hasSizeGreaterThanOrEqualTo(4).doesNotHaveDuplicates();
        long messages = 0;
        for (OutgoingMail mail : world.queued) {
            messages += read(mail) instanceof ReadReport.Sound report ? report.report().messages() : 0;
        }
        assertThat(messages).isEqualTo(2 * 16_000);
        assertThat(world.lines().getFirst()).contains("in " + keys.size() / 2 + " files");
    }

    @Test
    void surprisesOfOneReportAreNoTroubleForTheOthers() throws Exception {
        for (String domain : List.of("a.example", "b.example", "c.example")) {
            world.add(domain, "p=none; rua=mailto:r@" + domain, 1);
        }
        world.record();
        ReportSender node = world.node(mail -> {
            if (mail.recipient().equals("r@b.example")) {
                throw new IllegalStateException("a bug");
            }
            world.queued.add(mail);
        });

        node.round();

        assertThat(world.recipients()).containsExactlyInAnyOrder("r@a.example", "r@c.example");
        assertThat(world.lines().get(1)).contains("a bug; once more at");
    }
}
