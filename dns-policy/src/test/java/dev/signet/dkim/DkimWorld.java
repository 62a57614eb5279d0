// SPDX-License-Identifier: Apache-2.0
package dev.signet.dkim;

import dev.signet.dns.DomainName;
import dev.signet.keys.SigningKey;
import dev.signet.message.BodyHashes;
import dev.signet.message.HeaderField;
import dev.signet.message.MessageLimits;
import dev.signet.message.MessageReader;
import dev.signet.testing.FakeDns;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** A domain with keys, its zone, a fixed clock, and short ways to sign and verify. Messages are ISO-8859-1 strings. */
final class DkimWorld {

    static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    static final SigningKey RSA = generate("RSA", 2048);
    static final SigningKey ED25519 = generate("Ed25519", 255);
    static final DomainName DOMAIN = DomainName.of("example.com");

    static final String MESSAGE = """
            From: Alice <alice@example.com>\r
            To: Bob <bob@example.net>\r
            Subject: Is dinner ready?\r
            Date: Mon, 23 Nov 2026 12:00:00 +0000\r
            Message-ID: <1@example.com>\r
            \r
            Hi.\r
            \r
            We lost the game.  Are you hungry yet?\r
            \r
            Joe.\r
            """;

    final FakeDns dns = new FakeDns();

    DkimWorld() {
        dns.txt("rsa._domainkey.example.com", record(RSA));
        dns.txt("ed._domainkey.example.com", record(ED25519));
    }

    static SigningKey generate(String algorithm, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(bits);
            return SigningKey.of(generator.generateKeyPair().getPrivate());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static String record(SigningKey key) {
        return "v=DKIM1; k=" + key.type().tag() + "; p=" + Base64.getEncoder().encodeToString(key.publicKey());
    }

    static Signer rsaSigner() {
        return new Signer(DOMAIN, "rsa", RSA);
    }

    static Signer edSigner() {
        return new Signer(DOMAIN, "ed", ED25519);
    }

    static String sign(String message, SigningOptions options, Signer... signers) {
        try {
            DkimSigner signer = new DkimSigner(options, InstantSource.fixed(NOW));
            return switch (signer.sign(in(message), List.of(signers))) {
                case DkimSigner.Result.Signed(List<HeaderField> fields) -> {
                    StringBuilder signed = new StringBuilder();
                    fields.forEach(field -> signed.append(field).append("\r\n"));
                    yield signed.append(message).toString();
                }
                case DkimSigner.Result.NotSigned(String reason) -> throw new IllegalStateException(reason);
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String sign(String message) {
        return sign(message, SigningOptions.DEFAULT, rsaSigner());
    }

    List<DkimResult> verify(String message) {
        return verify(message, DkimOptions.DEFAULT, Optional.empty());
    }

    List<DkimResult> verify(String message, DkimOptions options, Optional<DomainName> author) {
        try {
            MessageReader reader = MessageReader.open(in(message), MessageLimits.DEFAULT);
            BodyHashes hashes = new BodyHashes();
            DkimCheck check = new DkimVerifier(options, InstantSource.fixed(NOW)).begin(reader.header(), author, dns, hashes);
            reader.readBody(hashes);
            return check.results();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    DkimResult verifyOne(String message) {
        List<DkimResult> results = verify(message);
        if (results.size() != 1) {
            throw new AssertionError("one result wanted: " + results);
        }
        return results.getFirst();
    }

    static ByteArrayInputStream in(String message) {
        return new ByteArrayInputStream(message.getBytes(StandardCharsets.ISO_8859_1));
    }
}
