// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import dev.signet.dkim.DkimSigner;
import dev.signet.dkim.Signer;
import dev.signet.dkim.SigningOptions;
import dev.signet.dns.DomainName;
import dev.signet.inbound.Connection;
import dev.signet.inbound.Verdict;
import dev.signet.keys.GeneratedKey;
import dev.signet.keys.KeyGenerator;
import dev.signet.message.HeaderField;
import dev.signet.testing.FakeDns;
import org.apache.james.filesystem.api.FileSystem;
import org.apache.james.server.core.MailImpl;
import org.apache.james.server.core.MimeMessageInputStream;
import org.apache.james.server.core.MimeMessageInputStreamSource;
import org.apache.james.server.core.MimeMessageWrapper;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeUtils;
import org.apache.mailet.Mail;
import org.apache.mailet.base.test.FakeMailContext;
import org.apache.mailet.base.test.FakeMailetConfig;

import jakarta.mail.MessagingException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** A James directory, a zone, a fixed clock, and short ways to make and read mails. Messages are ISO-8859-1 strings. */
final class MailWorld implements AutoCloseable {

    static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    static final String ID = "mx.home.example";
    static final GeneratedKey RSA = new KeyGenerator(new SecureRandom()).rsa(2048);
    static final GeneratedKey ED25519 = new KeyGenerator(new SecureRandom()).ed25519();

    static final String MESSAGE = """
            Received: from client.example by mx.home.example with SMTP\r
            From: Alice <alice@example.com>\r
            To: bob@home.example\r
            Subject: dinner\r
            Date: Mon, 23 Nov 2026 12:00:00 +0000\r
            Message-ID: <1@example.com>\r
            \r
            Are you hungry?\r
            """;

    private final List<MailImpl> mails = new ArrayList<>();
    final FakeDns dns = new FakeDns();
    final Path directory;
    final Signet signet;
    /** What mailets send of their own stands in it; serves no domain but home.example. */
    final FakeMailContext james;
    final FailureReporter failures;

    MailWorld(Path directory) {
        this(directory, Map.of("authserv-id", ID));
    }

    MailWorld(Path directory, Map<String, String> settings) {
        this.directory = directory;
        dns.txt("rsa._domainkey.example.com", record(RSA));
        dns.txt("ed._domainkey.example.com", record(ED25519));
        signet = new Signet(new Directory(directory), InstantSource.fixed(NOW),
                () -> Settings.of(new Parameters("test", settings)), ignored -> dns);
        james = FakeMailContext.defaultContext();
        failures = new FailureReporter(signet, james, Runnable::run, new SecureRandom());
    }

    static FileSystem fileSystem(Path directory) {
        return new Directory(directory);
    }

    static String record(GeneratedKey key) {
        return "v=DKIM1; k=" + key.key().type().tag() + "; p=" + Base64.getEncoder().encodeToString(key.key().publicKey());
    }

    void write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** The message with a signature of example.com in front. */
    static String signed(String message) throws IOException {
        Signer signer = new Signer(DomainName.of("example.com"), "rsa", RSA.key());
        DkimSigner dkim = new DkimSigner(SigningOptions.DEFAULT, InstantSource.fixed(NOW));
        return switch (dkim.sign(in(message), List.of(signer))) {
            case DkimSigner.Result.Signed(List<HeaderField> fields) -> fields.getFirst() + "\r\n" + message;
            case DkimSigner.Result.NotSigned(String reason) -> throw new AssertionError(reason);
        };
    }

    MailImpl mail(String message) throws MessagingException {
        return mail(in(message));
    }

    MailImpl mail(InputStream message) throws MessagingException {
        MailImpl mail = newMail(message);
        mails.add(mail);
        return mail;
    }

    /** A mail that its caller disposes of. */
    static MailImpl newMail(InputStream message) throws MessagingException {
        MailImpl mail = MailImpl.builder()
                .name("Mail1")
                .sender("alice@example.com")
                .addRecipient("bob@home.example")
                .build();
        mail.setRemoteAddr("192.0.2.1");
        mail.setMessageContent(MimeMessageInputStreamSource.create("Mail1", message));
        return mail;
    }

    /** {@code SignDkim} with these parameters, name after name with its value. */
    SignDkim signing(String... parameters) throws MessagingException {
        FakeMailetConfig.Builder config = FakeMailetConfig.builder().mailetName("SignDkim");
        for (int i = 0; i < parameters.length; i += 2) {
            config.setProperty(parameters[i], parameters[i + 1]);
        }
        SignDkim mailet = new SignDkim(signet);
        mailet.init(config.build());
        return mailet;
    }

    /** Frees all mails, as James does when it is done with them. */
    @Override
    public void close() {
        mails.forEach(MailImpl::dispose);
    }

    /** What James's queues do to a mail between the hook and the mailets. */
    static void queue(MailImpl mail) throws MessagingException {
        mail.setMessageNoCopy(new MimeMessageWrapper(mail.getMessage()));
    }

    /** The bytes that James has. */
    static String bytes(Mail mail) throws MessagingException, IOException {
        try (InputStream in = new MimeMessageInputStream(mail.getMessage())) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    /** The bytes that James would send. */
    static String sent(Mail mail) throws MessagingException, IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        mail.getMessage().writeTo(out);
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    static Verdict verdict(Mail mail) {
        return AttributeUtils.getValueAndCastFromMail(mail, AttributeName.of(Verdict.ATTRIBUTE), String.class)
                .flatMap(Verdict::fromJson)
                .orElseThrow();
    }

    /** The results of all signatures of a message, checked against this zone: {@code "pass example.com rsa"}. */
    List<String> dkim(String message) {
        List<String> results = new ArrayList<>();
        signet.check().check(Connection.UNKNOWN, in(message)).dkim()
                .forEach(result -> results.add(result.state() + " " + result.domain() + " " + result.selector()));
        return results;
    }

    static InputStream in(String message) {
        return new ByteArrayInputStream(message.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** As James's own: file://conf/x is below its directory. */
    private record Directory(Path path) implements FileSystem {

        @Override
        public InputStream getResource(String url) throws IOException {
            return Files.newInputStream(getFile(url).toPath());
        }

        @Override
        public File getFile(String url) {
            return path.resolve(url.replaceFirst("^file://", "")).toFile();
        }

        @Override
        public File getFileWithinBaseDir(String url) {
            return getFile(url);
        }

        @Override
        public File getBasedir() {
            return path.toFile();
        }
    }
}
