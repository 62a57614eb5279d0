// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.arc.ArcSealer;
import dev.signet.arc.ArcState;
import dev.signet.arc.SealedHeaders;
import dev.signet.authres.AuthenticationResults;
import dev.signet.authres.MethodResult;
import dev.signet.authres.PropertyType;
import dev.signet.dkim.Signer;
import dev.signet.dns.DomainName;
import dev.signet.keys.GeneratedKey;
import dev.signet.keys.KeyGenerator;
import dev.signet.keys.KeyRecord;
import dev.signet.scenario.World;
import dev.signet.smtp.Envelope;
import dev.signet.smtp.SmtpClient;
import dev.signet.smtp.SmtpReply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The sample {@code trusted-sealer} on a real James 3.8, which enforces DMARC: what its list says of changed mail counts, and nobody else. */
@Timeout(120)
class TrustedSealerIT {

    private static final String LIST = "lists.example.net";
    private static final String STRANGER = "evil.example.net";
    private static final GeneratedKey KEY = new KeyGenerator(new SecureRandom()).rsa(2048);

    private static World world;

    @BeforeAll
    static void start() throws Exception {
        world = World.start(
                TestBuild.emptyDirectory("james-3.8-trusted-sealer"),
                TestBuild.james38(),
                TestBuild.signetFor38(),
                TrustedSealerIT::change,
                System.out::println);
        for (String sealer : List.of(LIST, STRANGER)) {
            KeyRecord record = KeyRecord.of(KEY.key(), "arc", DomainName.of(sealer));
            world.dns().txt(record.name().ascii(), record.value());
        }
    }

    private static void change(JamesInstall install) throws IOException {
        install.useInboundSample("trusted-sealer");
        Files.copy(install.conf().resolve("signet-samples/trusted-sealer/trusted-sealers"), install.conf().resolve("trusted-sealers"));
        install.set(Map.of("trusted-sealers", "file://conf/trusted-sealers"));
    }

    @AfterAll
    static void stop() throws Exception {
        if (world != null) {
            world.close();
        }
    }

    @Test
    void whatTheListChangedIsLetThroughAndMarked() throws Exception {
        assertThat(post(sealed(LIST, ArcState.NONE, message("kept"))).code()).isEqualTo(250);

        try (ImapMailbox inbox = world.openInbox()) {
            assertThat(inbox.await(message -> message.contains("<kept@strict.example>"), Duration.ofSeconds(30)))
                    .contains("dmarc=fail", "arc=pass (as.1.lists.example.net=pass)", "X-Sealed-By: lists.example.net\r\n")
                    .doesNotContain("forged.example");
        }
    }

    @Test
    void aSealOfAStrangerAloneOrOnTopIsWorthNothing() throws Exception {
        String refusal = "550 5.7.1 Email rejected per DMARC policy for strict.example";
        assertThat(post(message("bare"))).asString().startsWith(refusal);
        assertThat(post(sealed(STRANGER, ArcState.NONE, message("strange")))).asString().startsWith(refusal);
        String trusted = sealed(LIST, ArcState.NONE, message("old"));
        assertThat(post(sealed(STRANGER, ArcState.PASS, trusted))).asString().startsWith(refusal);
        assertThat(post(trusted.replace("Changed by", "Forged by"))).asString().startsWith(refusal);
    }

    private static String message(String id) {
        return "X-Sealed-By: forged.example\r\nFrom: Ann <ann@strict.example>\r\nTo: pens@lists.example.net\r\nSubject: [pens] nibs\r\nMessage-ID: <" + id
                + "@strict.example>\r\n\r\nChanged by the list.\r\n";
    }

    private static String sealed(String sealer, ArcState arrived, String message) throws IOException {
        AuthenticationResults results = AuthenticationResults.of("mx." + sealer, List.of(
                MethodResult.of("spf", "pass").withProperty(PropertyType.SMTP, "mailfrom", "ann@strict.example")));
        ArcSealer.Result result = new ArcSealer(SealedHeaders.DEFAULT, InstantSource.system()).seal(
                new ByteArrayInputStream(message.getBytes(StandardCharsets.ISO_8859_1)),
                arrived, results, new Signer(DomainName.of(sealer), "arc", KEY.key()));
        return switch (result) {
            case ArcSealer.Result.Sealed sealed ->
                    sealed.fields().stream().map(field -> field + "\r\n").collect(Collectors.joining("", "", message));
            case ArcSealer.Result.NotSealed(String reason) -> throw new IllegalArgumentException(reason);
        };
    }

    private static SmtpReply post(String message) throws IOException {
        try (SmtpClient smtp = SmtpClient.connectAs(world.ports().proxiedMx(), "192.0.2.77")) {
            smtp.ehlo("mail.lists.example.net");
            return smtp.send(new Envelope("pens-bounces@lists.example.net", world.user().address()), message);
        }
    }
}
