// SPDX-License-Identifier: Apache-2.0
package dev.signet.benchmark;

import dev.signet.dkim.DkimSigner;
import dev.signet.dkim.Signer;
import dev.signet.dkim.SigningOptions;
import dev.signet.dns.Dns;
import dev.signet.dns.DnsAnswer;
import dev.signet.dns.DomainName;
import dev.signet.dns.RecordType;
import dev.signet.keys.SigningKey;
import dev.signet.message.HeaderField;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;

/**
 * A message of prose with twelve signed fields, signed relaxed/relaxed by an RSA key of 2048 bits, and the key it needs.
 *
 * @param publicKey for the bare cost: of the native provider, where that is on the class path
 * @param keyRecord the TXT record of its key
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record SignedMessage(byte[] bytes, PublicKey publicKey, PrivateKey privateKey, SigningKey signingKey, String keyRecord) {

    private static final Optional<Provider> NATIVE = ServiceLoader.load(Provider.class).stream()
            .filter(provider -> provider.type().getSimpleName().equals("AmazonCorrettoCryptoProvider"))
            .map(ServiceLoader.Provider::get)
            .findFirst();

    static final Signer signer(SigningKey key) {
        return new Signer(DomainName.of("example.com"), "bench", key);
    }

    /** @param size of the whole message in bytes, about */
    static SignedMessage of(int size) throws GeneralSecurityException, IOException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair pair = generator.generateKeyPair();
        SigningKey key = SigningKey.of(pair.getPrivate());
        byte[] unsigned = (header() + body(size - 1500)).getBytes(StandardCharsets.US_ASCII);
        List<String> signed = List.of("From", "To", "Cc", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type",
                "Content-Transfer-Encoding", "Reply-To", "In-Reply-To", "References");
        DkimSigner signer = new DkimSigner(SigningOptions.DEFAULT.withHeaders(signed), InstantSource.system());
        return switch (signer.sign(new ByteArrayInputStream(unsigned), List.of(signer(key)))) {
            case DkimSigner.Result.NotSigned(String reason) -> throw new IllegalStateException(reason);
            case DkimSigner.Result.Signed(List<HeaderField> fields) -> {
                byte[] field = (fields.getFirst() + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
                byte[] bytes = new byte[field.length + unsigned.length];
                System.arraycopy(field, 0, bytes, 0, field.length);
                System.arraycopy(unsigned, 0, bytes, field.length, unsigned.length);
                String record = "v=DKIM1; k=rsa; p=" + Base64.getEncoder().encodeToString(key.publicKey());
                yield new SignedMessage(bytes, bare(pair.getPublic()), pair.getPrivate(), key, record);
            }
        };
    }

    private static PublicKey bare(PublicKey key) throws GeneralSecurityException {
        return NATIVE.isEmpty() ? key : (PublicKey) KeyFactory.getInstance("RSA", NATIVE.get()).translateKey(key);
    }

    /** Has the key at every name, at once. */
    Dns dns() {
        return dns(keyRecord);
    }

    static Dns dns(String keyRecord) {
        return new Dns() {
            @Override
            @SuppressWarnings("unchecked") // Only TXT is asked for.
            public <T> CompletableFuture<DnsAnswer<T>> lookup(DomainName name, RecordType<T> type) {
                return CompletableFuture.completedFuture(new DnsAnswer.Found<>((List<T>) List.of(keyRecord)));
            }
        };
    }

    /**
     * The bare cost of verifying, without a protocol: SHA-256 of all bytes once, and RSA verifications of some of them, by the
     * native provider where that is on the class path.
     *
     * @param signature of the first {@code length} bytes, by this key
     */
    byte[] verifyBare(byte[] bytes, byte[] signature, int length, int times) throws GeneralSecurityException {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
        for (int i = 0; i < times; i++) {
            Signature rsa = NATIVE.isEmpty() ? Signature.getInstance("SHA256withRSA") : Signature.getInstance("SHA256withRSA", NATIVE.get());
            rsa.initVerify(publicKey);
            rsa.update(bytes, 0, length);
            if (!rsa.verify(signature)) {
                throw new IllegalStateException("the bare signature did not verify");
            }
        }
        return digest;
    }

    private static String header() {
        return """
                Received: from mail.example.com (mail.example.com [192.0.2.1])
                \tby mx.example.net with ESMTPS id 4F1B2C3D for <bob@example.net>;
                \tMon, 23 Nov 2026 12:00:00 +0000
                From: Alice Example <alice@news.example.com>
                To: Bob <bob@example.net>
                Cc: Carol <carol@example.org>, Dave <dave@example.org>
                Reply-To: Alice Example <alice@example.com>
                Subject: The minutes of last week, and what we should do next
                Date: Mon, 23 Nov 2026 12:00:00 +0000
                Message-ID: <0123456789abcdef@mail.example.com>
                In-Reply-To: <fedcba9876543210@mail.example.net>
                References: <fedcba9876543210@mail.example.net>
                MIME-Version: 1.0
                Content-Type: text/plain; charset=us-ascii
                Content-Transfer-Encoding: 7bit

                """.replace("\n", "\r\n");
    }

    /** Words, lines of up to 76 characters, an empty line now and then: always the same. */
    static String body(int size) {
        Random random = new Random(42);
        StringBuilder body = new StringBuilder(size + 100);
        int column = 0;
        while (body.length() < size) {
            int length = 1 + random.nextInt(9);
            if (column + length + 1 > 76) {
                body.append(random.nextInt(8) == 0 ? "\r\n\r\n" : "\r\n");
                column = 0;
            } else if (column > 0) {
                body.append(' ');
                column++;
            }
            for (int i = 0; i < length; i++) {
                body.append((char) ('a' + random.nextInt(26)));
            }
            column += length;
        }
        return body.append("\r\n").toString();
    }
}
