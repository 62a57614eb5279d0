// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import static dev.signet.james.ListWorld.CLUB;
import static dev.signet.james.ListWorld.OTHER;
import static dev.signet.james.ListWorld.PATIENCE;
import static dev.signet.james.ListWorld.TALK;
import static dev.signet.james.ListWorld.fields;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.arc.ArcState;
import dev.signet.dkim.DkimResult;
import dev.signet.dkim.DkimState;
import dev.signet.inbound.Verdict;
import dev.signet.interop.ArcPeers;
import dev.signet.smtp.Envelope;
import dev.signet.smtp.ReceivedMail;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.util.List;

/** The sample {@code list} on a real James 3.8: what members get is judged where it arrives, by us, by dkimpy and by Mail::DKIM. */
@Timeout(300)
class ListIT {

    private static final String FOOTER = "_______________________________________________\r\ntalk mailing list, talk@example.org\r\n";
    private static final String ALICE = "alice@news.example";
    private static final String ANN = "ann@strict.example";
    private static final String MEMBER = "member@outside.example";
    private static final String OTHER_MEMBER = "member@elsewhere.example";
    private static final String FORWARDED = "carol@home.example";
    private static final String FORWARDED_TO = "carol@elsewhere.example";
    private static final String MODERATED = "var/mail/list-moderation/";

    @TempDir
    private static Path directory;

    private static ListWorld lists;
    private static ArcPeers peers;

    @BeforeAll
    static void start() throws Exception {
        lists = ListWorld.start("james-3.8-list", install -> {});
        for (String member : List.of(ALICE, ANN, MEMBER, lists.world.user().address(), FORWARDED, OTHER)) {
            lists.admin.addToGroup(TALK, member);
        }
        for (String member : List.of(OTHER_MEMBER, MEMBER, TALK)) {
            lists.admin.addToGroup(OTHER, member);
        }
        for (String member : List.of(OTHER_MEMBER, MEMBER)) {
            lists.admin.addToGroup(CLUB, member);
        }
        lists.admin.redirect(FORWARDED, FORWARDED_TO);
        lists.world.dns().txt("news.example", "v=spf1 ip4:192.0.2.30 -all");
        peers = ArcPeers.start(directory);
        peers.publish(lists.world.home().records());
    }

    @AfterAll
    static void stop() throws Exception {
        if (peers != null) {
            peers.close();
        }
        if (lists != null) {
            lists.close();
        }
    }

    /** What members write, with the bytes that break first, and what it looks like behind the list. */
    enum Body {
        PLAIN("", "Hello.\r\n", "\r\n\r\nHello.\r\n" + FOOTER),
        EIGHT_BIT(
                "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n",
                "Gr\u00C3\u00BC\u00C3\u009Fe\r\n.\r\n\r\n",
                "\r\n\r\nGr\u00C3\u00BC\u00C3\u009Fe\r\n.\r\n\r\n" + FOOTER),
        EIGHT_BIT_HEADER("Cc: J\u00C3\u00BCrgen <j@news.example>\r\n", "Hello.\r\n", "Cc: J??rgen <j@news.example>\r\n\r\nHello.\r\n" + FOOTER),
        HTML(
                "MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n",
                "<p>caf\u00C3\u00A9</p>\r\n",
                "\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n<p>caf\u00C3\u00A9</p>\r\n\r\n--"),
        MIXED(
                "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n",
                "--b\r\nContent-Type: image/png\r\n\r\n\u00FF\u00FE\r\n--b--\r\n",
                "--b\r\nContent-Type: image/png\r\n\r\n\u00FF\u00FE\r\n--b\r\nContent-Type: text/plain; charset=us-ascii\r\n"),
        ALTERNATIVE(
                "MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n",
                "--b\r\nContent-Type: text/plain\r\n\r\nHello.\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>Hello.</p>\r\n--b--\r\n",
                "\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n"),
        SIGNED(
                "MIME-Version: 1.0\r\nContent-Type: multipart/signed; protocol=\"application/pgp-signature\"; boundary=b\r\n",
                "--b\r\n\r\nHello.\r\n--b\r\nContent-Type: application/pgp-signature\r\n\r\nAAAA\r\n--b--\r\n",
                "\r\n\r\n--b\r\n\r\nHello.\r\n--b\r\nContent-Type: application/pgp-signature\r\n\r\nAAAA\r\n--b--\r\n");

        private final String fields;
        private final String body;
        private final String posted;

        Body(String fields, String body, String posted) {
            this.fields = fields;
            this.body = body;
            this.posted = posted;
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyMemberGetsThePostSealedAndSignedOnce(Body body) throws Exception {
        String subject = "post-" + body;
        lists.post(ALICE, TALK, lists.world.sender().sign(message(ALICE, subject, body.fields, body.body)));

        ReceivedMail posted = lists.await("[talk] " + subject, MEMBER);
        assertThat(posted.envelope().sender()).isEqualTo("talk-bounces@home.example");
        assertThat(posted.envelope().recipients()).containsExactlyInAnyOrder(ALICE, ANN, MEMBER);
        assertThat(posted.message()).contains(body.posted).contains("\r\nFrom: " + ALICE + "\r\n");
        assertThat(fields(posted.message(), "ARC-Authentication-Results")).singleElement().asString()
                .startsWith("i=1; home.example;").contains("header.d=news.example", "arc=none")
                .contains(body == Body.EIGHT_BIT_HEADER ? "dkim=" : "dkim=pass");
        assertHolds(posted.message());
        assertThat(lists.count("[talk] " + subject, MEMBER)).isOne();
        try (ImapMailbox inbox = lists.world.openInbox()) {
            String local = inbox.await(message -> message.contains("Subject: [talk] " + subject + "\r\n"), PATIENCE);
            assertThat(local).contains(body.posted);
        }
    }

    @Test
    void anAuthorOfAStrictDomainIsNamedBehindTheList() throws Exception {
        lists.post(ANN, TALK, lists.world.strict().sign(message(ANN, "strict", "", "Hello.\r\n")));

        String posted = lists.await("[talk] strict", MEMBER).message();
        assertThat(fields(posted, "From")).singleElement().asString().contains(" via Talk").endsWith("<" + TALK + ">");
        assertThat(fields(posted, "Reply-To")).containsExactly(ANN);
        assertThat(fields(posted, "ARC-Authentication-Results")).singleElement().asString().contains("dmarc=pass");
        assertHolds(posted);
    }

    @Test
    void aForgedMemberAndAForgedAuthorOfTheListsDomainGetNothingFromUs() throws Exception {
        lists.post("x@evil.example", TALK, message(MEMBER, "forged-member", "", "Hello.\r\n"));
        lists.awaitLog("not posted, nothing that it came in with answers for outside.example: to processor list-moderation");
        awaitModerated(1);
        lists.post("x@evil.example", OTHER, message("boss@home.example", "forged-boss", "", "Hello.\r\n"));
        lists.awaitLog("not signed, nothing that it came in with answers for home.example");

        String posted = lists.await("[other] forged-boss", OTHER_MEMBER).message();
        assertThat(lists.judge(posted).dkim()).isEmpty();
        assertThat(lists.world.outside().received()).filteredOn(ListWorld.withSubject("[talk] forged-member")).isEmpty();
        lists.admin.reprocess(MODERATED, "list-approved");
        assertHolds(lists.await("[talk] forged-member", MEMBER).message());
        awaitModerated(0);
    }

    @Test
    void aMemberWhoseAddressIsForwardedGetsASealedPostToo() throws Exception {
        lists.post(ALICE, TALK, lists.world.sender().sign(message(ALICE, "forwarded", "", "Hello.\r\n")));

        ReceivedMail posted = lists.await("[talk] forwarded", FORWARDED_TO);
        assertThat(posted.envelope()).isEqualTo(new Envelope("talk-bounces@home.example", FORWARDED_TO));
        assertThat(lists.judge(posted.message()).arc().state()).isEqualTo(ArcState.PASS);
        assertThat(fields(posted.message(), "ARC-Authentication-Results")).singleElement().asString()
                .contains("dkim=pass", "header.d=news.example", "arc=none");
        peers.assertPass(posted.message());
    }

    @Test
    void aReplyHasThePrefixItCameWith() throws Exception {
        lists.post(ALICE, TALK, message(ALICE, "Re: [talk] prefixed", "", "Hello.\r\n"));

        assertHolds(lists.await("Re: [talk] prefixed", MEMBER).message());
    }

    @Test
    void aForgedFieldOfOursNeverReachesASeal() throws Exception {
        String forged = "Authentication-Results: home.example; dmarc=pass header.from=bank.example; arc=none\r\n";
        lists.post(ALICE, TALK, forged + message(ALICE, "forged", forged.replace("home.example;", "HOME.example(x) 1;"), "Hello.\r\n"));

        String posted = lists.await("[talk] forged", MEMBER).message();
        assertThat(posted).doesNotContain("bank.example");
        assertThat(fields(posted, "ARC-Authentication-Results")).singleElement().asString().contains("dkim=none", "arc=none");
        assertHolds(posted);
    }

    @Test
    void aLoopThroughTwoListsEnds() throws Exception {
        lists.post(ALICE, TALK, message(ALICE, "loop", "", "Hello.\r\n"));

        ReceivedMail nested = lists.await("[other] [talk] loop", OTHER_MEMBER);
        assertThat(fields(nested.message(), "X-BeenThere")).containsExactly(OTHER, TALK);
        assertThat(fields(nested.message(), "List-Id")).singleElement().asString().endsWith("<other.home.example>");
        assertHolds(nested.message());
        lists.awaitLog("not posted, a loop: the list has posted it before: to processor ghost");
        lists.await("[talk] loop", MEMBER);
        assertThat(lists.count("[talk] loop", MEMBER)).isOne();
        assertThat(lists.count("[other] [talk] loop", OTHER_MEMBER)).isOne();
        assertThat(lists.world.outside().received()).filteredOn(ListWorld.withSubject("[talk] [other] [talk] loop")).isEmpty();
    }

    @Test
    void aSenderForEachMemberChangesTheEnvelopeAndNothingElse() throws Exception {
        lists.post(ALICE, OTHER, message(ALICE, "verp", "", "Hello.\r\n"));

        ReceivedMail one = lists.await("[other] verp", MEMBER);
        ReceivedMail other = lists.await("[other] verp", OTHER_MEMBER);
        assertThat(one.envelope()).isEqualTo(new Envelope("other-bounces+member=outside.example@home.example", MEMBER));
        assertThat(other.envelope()).isEqualTo(new Envelope("other-bounces+member=elsewhere.example@home.example", OTHER_MEMBER));
        assertThat(one.message()).isEqualTo(other.message());
        assertHolds(one.message());
    }

    @Test
    void oneMappingTakesTheBouncesOfAllMembers() throws Exception {
        lists.admin.redirectAll("home.example", "other-bounces[^@]*@home\\.example", lists.world.user().address());
        lists.post("", "other-bounces+member=elsewhere.example@home.example", message("postmaster@outside.example", "returned", "", "No such user.\r\n"));
        try (ImapMailbox inbox = lists.world.openInbox()) {
            inbox.await(message -> message.contains("Subject: returned\r\n"), PATIENCE);
        }
    }

    @Test
    void aMemberLeavesWithOneClickThatItsOwnSignatureCovers() throws Exception {
        lists.post(ALICE, CLUB, message(ALICE, "club", "", "Hello.\r\n"));

        for (String member : List.of(MEMBER, OTHER_MEMBER)) {
            ReceivedMail copy = lists.await("[club] club", member);
            assertThat(copy.envelope()).isEqualTo(new Envelope("club-bounces@home.example", member));
            assertThat(fields(copy.message(), "List-Unsubscribe")).singleElement().asString()
                    .startsWith("<https://home.example/leave?member=" + member.replace("@", "%40") + "&token=");
            assertThat(fields(copy.message(), "List-Unsubscribe-Post")).containsExactly("List-Unsubscribe=One-Click");
            assertThat(fields(copy.message(), "DKIM-Signature").getFirst().replace(" ", ""))
                    .contains("d=home.example;").containsIgnoringCase(":List-Unsubscribe:List-Unsubscribe-Post:");
            assertHolds(copy.message());
        }
    }

    @Test
    void whatIsAutomaticIsNotPosted() throws Exception {
        lists.post("", TALK, message(ALICE, "bounce", "", "Hello.\r\n"));
        lists.awaitLog("not posted, a bounce: it has the null sender: to processor ghost");
        lists.post(ALICE, TALK, message(ALICE, "vacation", "Auto-Submitted: auto-replied\r\n", "Hello.\r\n"));
        lists.awaitLog("not posted, an automatic message: Auto-Submitted: to processor ghost");

        // Whatever came before this one has gone its way.
        lists.post(ALICE, TALK, message(ALICE, "after", "", "Hello.\r\n"));
        lists.await("[talk] after", MEMBER);
        for (String subject : List.of("bounce", "vacation", "[talk] bounce", "[talk] vacation")) {
            assertThat(lists.world.outside().received()).filteredOn(ListWorld.withSubject(subject)).isEmpty();
        }
    }

    @Test
    void aStrangersPostWaitsForTheModeratorAndIsSealedByWhatWasFoundWhenItCame() throws Exception {
        String stranger = "stranger@news.example";
        lists.post(stranger, TALK, lists.world.sender().sign(message(stranger, "moderated", "", "Hello.\r\n")));
        lists.awaitLog("not posted, the author is no member of the list: to processor list-moderation");
        awaitModerated(1);
        assertThat(lists.world.outside().received()).filteredOn(ListWorld.withSubject("[talk] moderated")).isEmpty();

        lists.admin.reprocess(MODERATED, "list-approved");

        String posted = lists.await("[talk] moderated", MEMBER).message();
        assertThat(fields(posted, "ARC-Authentication-Results")).singleElement().asString().contains("dkim=pass", "header.d=news.example");
        assertHolds(posted);
    }

    private static void awaitModerated(int mails) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (lists.admin.mailsIn(MODERATED).size() != mails) {
            assertThat(System.nanoTime()).as("mails to moderate, other than %d", mails).isLessThan(deadline);
        }
    }

    /** Seal and signature of the list hold, and there is one of each. */
    private static void assertHolds(String message) throws Exception {
        Verdict verdict = lists.judge(message);
        assertThat(verdict.arc().state()).as(verdict.arc().reason()).isEqualTo(ArcState.PASS);
        assertThat(verdict.arc().instances()).isOne();
        assertThat(verdict.dkim()).filteredOn(result -> "home.example".equals(String.valueOf(result.domain())))
                .extracting(DkimResult::state).containsExactly(DkimState.PASS);
        peers.assertPass(message);
    }

    private static String message(String author, String subject, String fields, String body) {
        return "From: " + author + "\r\nTo: " + TALK + "\r\nSubject: " + subject + "\r\nDate: Mon, 23 Nov 2026 12:00:00 +0000\r\nMessage-ID: <"
                + subject.replaceAll("[^a-zA-Z_-]", "") + "@authors.example>\r\n" + fields + "\r\n" + body;
    }
}
