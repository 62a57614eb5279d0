// SPDX-License-Identifier: Apache-2.0
package dev.signet.scenario;

import dev.signet.dns.DomainName;
import dev.signet.scenario.Scenario.Origin;
import dev.signet.smtp.Envelope;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The messages of the demonstration. */
public final class Scenarios {

    private static final Origin OUTSIDER = new Origin.Outsider("192.0.2.25", "mail.news.example");

    private static final List<String> BOTH_PASS = List.of(
            "dkim=pass header.d=news.example header.a=rsa-sha256", "dkim=pass header.d=news.example header.a=ed25519-sha256");

    private static final String LIST_SIGNATURE = "dkim=pass header.d=home.example header.a=rsa-sha256";
    private static final String BROKEN_RSA = "dkim=fail header.d=strict.example header.a=rsa-sha256";
    private static final String BROKEN_ED25519 = "dkim=fail header.d=strict.example header.a=ed25519-sha256";

    private final World world;
    private final String user;

    private Scenarios(World world) {
        this.world = world;
        this.user = world.user().address();
    }

    /** All of them, for this world, in which {@link MailingLists} are open. */
    public static List<Scenario> of(World world) {
        Scenarios scenarios = new Scenarios(world);
        return List.of(
                scenarios.sound(),
                scenarios.tampered(),
                scenarios.unsigned(),
                scenarios.forgedResults(),
                scenarios.rawUtf8Header(),
                scenarios.spf("SPF, from where it may", "192.0.2.25", "soft.example", "pass"),
                scenarios.spf("SPF, probably not", "192.0.2.99", "soft.example", "softfail"),
                scenarios.spf("SPF, from elsewhere", "192.0.2.99", "hard.example", "fail"),
                scenarios.forwarded(),
                scenarios.spoofed("watching.example", "none", "INBOX"),
                scenarios.spoofed("careful.example", "quarantine", "Spam"),
                scenarios.spoofedAndRefused(),
                scenarios.spoofedManyTimes(),
                scenarios.posted("at a server that knows no list", MailingLists.SEALED, Optional.empty(), "reject"),
                scenarios.posted("at one that trusts the list's seal", MailingLists.SEALED, Optional.of(world.home().name()), "none"),
                scenarios.postedInTheNameOfTheList(),
                scenarios.submitted());
    }

    private Scenario sound() {
        String message = world.sender().sign(news("sound", "Subject: What happened today\r\n", "Nothing much.\r\n"));
        return fromOutside("signed and sound", message, BOTH_PASS, message);
    }

    private Scenario tampered() {
        String message = world.sender().sign(news("tampered", "Subject: Our account\r\n", "Pay to account 1234.\r\n"))
                .replace("account 1234", "account 6666");
        return fromOutside("signed, then tampered with", message, List.of("dkim=fail header.d=news.example header.a=rsa-sha256", "dkim=fail header.d=news.example header.a=ed25519-sha256"), message);
    }

    private Scenario unsigned() {
        String message = news("unsigned", "Subject: No seal\r\n", "Believe it or not.\r\n");
        return fromOutside("not signed", message, List.of("dkim=none"), message);
    }

    private Scenario forgedResults() {
        String forged = "Authentication-Results: " + World.AUTHSERV_ID + ";\r\n dkim=pass header.d=bank.example\r\n"
                + "Received-SPF: pass (" + World.AUTHSERV_ID + ": fine)\r\n receiver=" + World.AUTHSERV_ID + "\r\n";
        String honest = news("forged", "Subject: Trust me\r\n", "I checked myself.\r\n");
        return fromOutside("forged results in our name", forged + forged + honest, List.of("dkim=none"), honest);
    }

    private Scenario rawUtf8Header() {
        String subject = octets("Subject: Gr\u00FC\u00DFe aus K\u00F6ln\r\n");
        String message = world.sender().sign(news("utf8", subject, "8-bit bytes in a header field.\r\n"));
        // James writes the header as US-ASCII when it queues a mail: verified before that, lost after it.
        String stored = message.replace(subject, subject.replaceAll("[\\x80-\\xFF]", "?"));
        return fromOutside("signed raw UTF-8 subject", message, BOTH_PASS, stored);
    }

    private Scenario spf(String title, String client, String domain, String result) {
        String sender = "editor@" + domain;
        String message = news("spf-" + result, "Subject: From there\r\n", "Who may say so?\r\n");
        List<String> results =
                List.of("spf=" + result + " smtp.mailfrom=" + sender, "spf=none smtp.helo=mail.news.example", "dkim=none");
        return new Scenario(
                title,
                new Origin.Outsider(client, "mail.news.example"),
                new Envelope(sender, user),
                message,
                new Expectation.Delivered(results, message));
    }

    private Scenario forwarded() {
        String message = world.strict().sign(from("strict.example", "dmarc-forwarded", "Subject: Read this\r\n", "As it was sent to me.\r\n"));
        return fromOutside(
                "DMARC, forwarded: only DKIM is aligned",
                message,
                List.of("dmarc=pass header.from=strict.example policy.dmarc=none"),
                message);
    }

    private Scenario spoofed(String domain, String policy, String folder) {
        String message = spoof(domain, policy);
        List<String> results = List.of("dmarc=fail header.from=" + domain + " policy.dmarc=" + policy);
        return fromOutside("DMARC, spoof of a domain with p=" + policy, message, new Expectation.Delivered(folder, results, message));
    }

    private Scenario spoofedAndRefused() {
        return fromOutside(
                "DMARC, spoof of a domain with p=reject",
                spoof("strict.example", "reject"),
                new Expectation.Refused("550 5.7.1 Email rejected per DMARC policy"));
    }

    private Scenario spoofedManyTimes() {
        return fromOutside(
                "DMARC, 200 spoofs of a domain with p=reject; pct=30",
                spoof("sampled.example", "sampled"),
                new Expectation.RefusedByLot(30, 200, "Spam"));
    }

    private String spoof(String domain, String policy) {
        return from(domain, "dmarc-" + policy, "Subject: From the board\r\n", "Pay at once.\r\n");
    }

    private Scenario posted(String where, String list, Optional<DomainName> trusted, String disposition) {
        return post("post-" + disposition, "List post of a domain with p=reject,\n" + where, list, new Expectation.Posted(
                List.of(LIST_SIGNATURE, BROKEN_RSA, BROKEN_ED25519, "arc=pass", "dmarc=fail header.from=strict.example policy.dmarc=" + disposition),
                trusted,
                "The News <" + MailingLists.AUTHOR + ">"));
    }

    private Scenario postedInTheNameOfTheList() {
        return post("post-munged", "List post of a domain with p=reject,\nFrom munged, anywhere", MailingLists.MUNGED, new Expectation.Posted(
                List.of(LIST_SIGNATURE, BROKEN_RSA, BROKEN_ED25519, "arc=pass", "dmarc=pass header.from=home.example policy.dmarc=none"),
                Optional.empty(),
                "The News via Talk <" + MailingLists.MUNGED + ">"));
    }

    private Scenario post(String id, String title, String list, Expectation.Posted expectation) {
        String post = from("strict.example", id, "Subject: To all of you\r\n", "Who comes on Friday?\r\n").replace("To: " + user, "To: " + list);
        return new Scenario(title, OUTSIDER, new Envelope(MailingLists.AUTHOR, list), world.strict().sign(post), expectation);
    }

    private Scenario submitted() {
        String message = "From: " + user + "\r\nTo: carol@outside.example\r\nSubject: Hello out there\r\n"
                + "Message-ID: <submitted@home.example>\r\nDate: Mon, 23 Nov 2026 12:00:00 +0000\r\nMIME-Version: 1.0\r\n"
                + "\r\nSent over STARTTLS, after logging in.\r\n.\r\n";
        return new Scenario(
                "submitted with STARTTLS and AUTH",
                new Origin.Submission(),
                new Envelope(user, "carol@outside.example"),
                message,
                new Expectation.LeavesSigned(world.home().name()));
    }

    private Scenario fromOutside(String title, String message, List<String> results, String stored) {
        return fromOutside(title, message, new Expectation.Delivered(results, stored));
    }

    private Scenario fromOutside(String title, String message, Expectation expectation) {
        return new Scenario(title, OUTSIDER, new Envelope("editor@news.example", user), message, expectation);
    }

    private String news(String id, String subject, String body) {
        return from("news.example", id, subject, body);
    }

    private String from(String domain, String id, String subject, String body) {
        return "From: The News <editor@" + domain + ">\r\nTo: " + user + "\r\n" + subject + "Message-ID: <" + id + "@news.example>\r\n"
                + "Date: Mon, 23 Nov 2026 12:00:00 +0000\r\nMIME-Version: 1.0\r\n\r\n" + body;
    }

    private static String octets(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
