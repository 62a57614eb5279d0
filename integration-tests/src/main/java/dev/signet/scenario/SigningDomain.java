// SPDX-License-Identifier: Apache-2.0
package dev.signet.scenario;

import dev.signet.dkim.DkimSigner;
import dev.signet.dkim.Signer;
import dev.signet.dkim.SigningOptions;
import dev.signet.dns.DomainName;
import dev.signet.keys.GeneratedKey;
import dev.signet.keys.KeyGenerator;
import dev.signet.keys.KeyRecord;
import dev.signet.testing.LoopbackDns;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A domain that signs its mail, with new keys of both kinds: RSA at selector {@code r}, Ed25519 at selector {@code e}.
 */
public final class SigningDomain {

    private static final String RSA = "r";
    private static final String ED25519 = "e";

    private final DomainName name;
    private final GeneratedKey rsa;
    private final GeneratedKey ed25519;

    private SigningDomain(DomainName name, GeneratedKey rsa, GeneratedKey ed25519) {
        this.name = name;
        this.rsa = rsa;
        this.ed25519 = ed25519;
    }

    /** Makes its keys. */
    public static SigningDomain create(String name) {
        KeyGenerator generator = new KeyGenerator(new SecureRandom());
        return new SigningDomain(DomainName.of(name), generator.rsa(KeyGenerator.DEFAULT_RSA_BITS), generator.ed25519());
    }

    public DomainName name() {
        return name;
    }

    /** What makes its public keys known. */
    public List<KeyRecord> records() {
        return signers().stream().map(signer -> KeyRecord.of(signer.key(), signer.selector(), name)).toList();
    }

    /** Makes its public keys known. */
    public void publishIn(LoopbackDns dns) {
        records().forEach(record -> dns.txt(record.name().ascii(), record.value()));
    }

    /**
     * Gives its private keys to a James.
     *
     * @param conf James's directory of that name
     * @return each as the parameter {@code key} of {@code SignDkim} has it
     */
    public List<String> writeKeysTo(Path conf) throws IOException {
        Path directory = Files.createDirectories(conf.resolve("dkim"));
        return List.of(write(rsa, RSA, directory), write(ed25519, ED25519, directory));
    }

    private String write(GeneratedKey key, String selector, Path directory) throws IOException {
        String file = name + "." + selector + ".pem";
        key.writeTo(directory.resolve(file));
        return name + " " + selector + " file://conf/dkim/" + file;
    }

    /** Signs with both keys, the usual way. */
    public String sign(String message) {
        return sign(message, SigningOptions.DEFAULT);
    }

    /**
     * Signs with both keys.
     *
     * @param message its bytes, one char each
     */
    public String sign(String message, SigningOptions options) {
        return sign(message, options, InstantSource.system());
    }

    /**
     * Signs with both keys at some other time.
     *
     * @param message its bytes, one char each
     */
    public String sign(String message, SigningOptions options, InstantSource clock) {
        try {
            DkimSigner signer = new DkimSigner(options, clock);
            return switch (signer.sign(new ByteArrayInputStream(message.getBytes(StandardCharsets.ISO_8859_1)), signers())) {
                case DkimSigner.Result.Signed signed ->
                        signed.fields().stream().map(field -> field + "\r\n").collect(Collectors.joining()) + message;
                case DkimSigner.Result.NotSigned refused -> throw new IllegalArgumentException(refused.reason());
            };
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail", e);
        }
    }

    private List<Signer> signers() {
        return List.of(new Signer(name, RSA, rsa.key()), new Signer(name, ED25519, ed25519.key()));
    }
}
