// SPDX-License-Identifier: Apache-2.0
package dev.signet.arc;

import dev.signet.authres.AuthenticationResults;
import dev.signet.authres.MethodResult;
import dev.signet.dkim.DkimOptions;
import dev.signet.dkim.Signer;
import dev.signet.dns.Dns;
import dev.signet.dns.DomainName;
import dev.signet.keys.KeyRecord;
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
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Sealers with keys, their zone, a fixed clock, and short ways to seal and validate. Messages are ISO-8859-1 strings. */
public final class ArcWorld {

    public static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    static final SigningKey RSA = generate("RSA", 2048);
    static final SigningKey ED25519 = generate("Ed25519", 255);

    public static final String MESSAGE = """
            From: Alice <alice@author.example>\r
            To: List <list@list.example>\r
            Subject: Is dinner ready?\r
            Date: Mon, 23 Nov 2026 12:00:00 +0000\r
            Message-ID: <1@author.example>\r
            \r
            Hi.\r
            \r
            We lost the game.  Are you hungry yet?\r
            """;

    public final FakeDns dns = new FakeDns();
    private final Set<DomainName> published = new HashSet<>();

    /** A sealer whose key is in the zone. */
    public Signer sealer(String domain) {
        return sealer(domain, RSA);
    }

    Signer sealer(String domain, SigningKey key) {
        Signer signer = new Signer(DomainName.of(domain), "arc", key);
        KeyRecord record = KeyRecord.of(key, "arc", signer.domain());
        if (published.add(record.name())) {
            dns.txt(record.name().ascii(), record.value());
        }
        return signer;
    }

    /** The message with a chain that each of these sealers added a set to, the first one first. */
    public String sealedBy(String message, String... domains) {
        String sealed = message;
        for (String domain : domains) {
            sealed = seal(sealed, sealer(domain));
        }
        return sealed;
    }

    /** One more set, with what validation says of the chain before it. */
    String seal(String message, Signer signer) {
        return seal(message, validate(message).state(), signer);
    }

    String seal(String message, ArcState arrived, Signer signer) {
        return seal(message, arrived, results(signer), signer);
    }

    /** One more set with this testimony. */
    public String seal(String message, ArcState arrived, AuthenticationResults results, Signer signer) {
        return switch (trySealing(message, arrived, results, signer)) {
            case ArcSealer.Result.Sealed(List<HeaderField> fields) -> prepend(fields, message);
            case ArcSealer.Result.NotSealed(String reason) -> throw new IllegalStateException(reason);
        };
    }

    static ArcSealer.Result trySealing(String message, ArcState arrived, AuthenticationResults results, Signer signer) {
        try {
            return new ArcSealer(SealedHeaders.DEFAULT, InstantSource.fixed(NOW)).seal(in(message), arrived, results, signer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static AuthenticationResults results(Signer signer) {
        return AuthenticationResults.of(signer.domain().ascii(), List.of(MethodResult.of("spf", "pass")));
    }

    static String prepend(List<HeaderField> fields, String message) {
        StringBuilder out = new StringBuilder();
        fields.forEach(field -> out.append(field).append("\r\n"));
        return out.append(message).toString();
    }

    ArcResult validate(String message) {
        return validate(message, dns);
    }

    static ArcResult validate(String message, Dns dns) {
        return validate(message, dns, DkimOptions.DEFAULT);
    }

    static ArcResult validate(String message, Dns dns, DkimOptions options) {
        return check(message, dns, options).result();
    }

    /** A check whose body has been read. */
    static ArcCheck check(String message, Dns dns, DkimOptions options) {
        try {
            MessageReader reader = MessageReader.open(in(message), MessageLimits.DEFAULT);
            BodyHashes hashes = new BodyHashes();
            ArcCheck check = new ArcValidator(options, InstantSource.fixed(NOW)).begin(reader.header(), dns, hashes);
            reader.readBody(hashes);
            return check;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ByteArrayInputStream in(String message) {
        return new ByteArrayInputStream(message.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static SigningKey generate(String algorithm, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(bits);
            return SigningKey.of(generator.generateKeyPair().getPrivate());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
