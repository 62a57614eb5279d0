// SPDX-License-Identifier: Apache-2.0
package dev.signet.benchmark;

import dev.signet.dkim.DkimSigner;
import dev.signet.dkim.Signer;
import dev.signet.dkim.SigningOptions;
import dev.signet.dns.DomainName;
import dev.signet.keys.KeyGenerator;
import dev.signet.keys.KeyRecord;
import dev.signet.keys.SigningKey;
import dev.signet.testing.LoopbackDns;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Mail from strangers as it comes on most days, 10,000 bytes each, made and signed before any clock runs. Its authors' domains have a policy
 * each, send from the addresses of one provider, and sign; one mail in five has the provider's signature too.
 *
 * @param sender of the envelope
 * @param data what follows DATA, with the final dot
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record LoadMail(String sender, byte[] data) {

    private static final int DOMAINS = 40;
    private static final int BODY = 8500;
    private static final int SIGNED_TWICE = 5;
    private static final int CLIENTS = 64;
    private static final String PROVIDER = "provider.example";
    private static final String SELECTOR = "s2026";
    private static final List<String> POLICIES = List.of("reject", "quarantine", "none");

    /** The address of a client of the provider, which the SPF records of all senders know. */
    static String client(int number) {
        return "192.0.2." + (number + 1);
    }

    /** How it introduces itself. */
    static String helo(int number) {
        return "out" + (number + 1) + "." + PROVIDER;
    }

    /** Makes mail, and has the DNS say what there is to say about it. */
    static List<LoadMail> make(int count, LoopbackDns dns) throws IOException {
        KeyGenerator generator = new KeyGenerator(new SecureRandom());
        dns.txt("_spf." + PROVIDER, "v=spf1 ip4:192.0.2.0/25 ~all");
        for (int i = 0; i < CLIENTS; i++) {
            dns.address(helo(i), client(i)).ptr(client(i), helo(i)).txt(helo(i), "v=spf1 a -all");
        }
        Signer provider = signer(PROVIDER, generator, dns);
        List<Signer> authors = new ArrayList<>();
        for (int i = 0; i < DOMAINS; i++) {
            String domain = "author" + i + ".example";
            authors.add(signer(domain, generator, dns));
            dns.txt(domain, "v=spf1 mx include:_spf." + PROVIDER + " -all")
                    .mx(domain, 10, "mx." + domain)
                    .address("mx." + domain, "198.51.100." + (i + 1))
                    .txt("_dmarc." + domain, "v=DMARC1; p=" + POLICIES.get(i % POLICIES.size()) + "; rua=mailto:dmarc@" + domain);
        }
        DkimSigner signing = new DkimSigner(SigningOptions.DEFAULT, InstantSource.system());
        String body = SignedMessage.body(BODY);
        List<LoadMail> made = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Signer author = authors.get(i % DOMAINS);
            made.add(one(signing, i % SIGNED_TWICE == 0 ? List.of(author, provider) : List.of(author), i, body));
        }
        return made;
    }

    private static Signer signer(String domain, KeyGenerator generator, LoopbackDns dns) {
        SigningKey key = generator.rsa(KeyGenerator.DEFAULT_RSA_BITS).key();
        Signer signer = new Signer(DomainName.of(domain), SELECTOR, key);
        KeyRecord record = KeyRecord.of(key, SELECTOR, signer.domain());
        dns.txt(record.name().ascii(), record.value());
        return signer;
    }

    private static LoadMail one(DkimSigner signing, List<Signer> signers, int number, String body) throws IOException {
        String domain = signers.getFirst().domain().ascii();
        byte[] unsigned = """
                From: Alice Example <alice@%1$s>
                To: Bob <bob@home.example>
                Subject: The minutes of last week, number %2$d, and what we should do next
                Date: Mon, 23 Nov 2026 12:00:00 +0000
                Message-ID: <%2$d.0123456789abcdef@%1$s>
                References: <fedcba9876543210@home.example>
                List-Unsubscribe: <https://%1$s/leave/%2$d>
                MIME-Version: 1.0
                Content-Type: text/plain; charset=us-ascii
                Content-Transfer-Encoding: 7bit

                %3$s""".replace("\n", "\r\n").formatted(domain, number, body).getBytes(StandardCharsets.US_ASCII);
        return switch (signing.sign(new ByteArrayInputStream(unsigned), signers)) {
            case DkimSigner.Result.NotSigned(String reason) -> throw new IllegalStateException(reason);
            case DkimSigner.Result.Signed signed -> {
                ByteArrayOutputStream data = new ByteArrayOutputStream(unsigned.length + 2000);
                signed.fields().forEach(field -> data.writeBytes((field + "\r\n").getBytes(StandardCharsets.ISO_8859_1)));
                data.writeBytes(unsigned);
                // No line of these begins with a dot, and the last one ends.
                data.writeBytes(".\r\n".getBytes(StandardCharsets.US_ASCII));
                yield new LoadMail("bounces@" + domain, data.toByteArray());
            }
        };
    }
}
