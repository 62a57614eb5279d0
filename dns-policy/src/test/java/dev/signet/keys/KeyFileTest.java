// SPDX-License-Identifier: Apache-2.0
package dev.signet.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.file.UnusableFileException;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMEncryptorBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Security;
import java.util.Base64;
import java.util.Optional;

class KeyFileTest {

    private static final Optional<String> PASSWORD = Optional.of("correct horse");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {
        // PKCS#1
        "genrsa -traditional -out key.pem 2048",
        "genrsa -traditional -aes128 -passout pass:correct_horse -out key.pem 2048",
        "genrsa -traditional -aes256 -passout pass:correct_horse -out key.pem 2048",
        "genrsa -traditional -des3 -passout pass:correct_horse -out key.pem 2048",
        // PKCS#8
        "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out key.pem",
        "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -aes256 -pass pass:correct_horse -out key.pem",
        "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -des3 -pass pass:correct_horse -out key.pem",
        "genpkey -algorithm ED25519 -out key.pem",
        "genpkey -algorithm ED25519 -aes256 -pass pass:correct_horse -out key.pem",
    })
    void readsWhatOpensslWrites(String command) throws Exception {
        OpenSsl.required("KeyFileTest.readsWhatOpensslWrites");
        OpenSsl.run(folder, withPassword(command));
        Path file = folder.resolve("key.pem");

        SigningKey key = new KeyFile(file, PASSWORD).read();

        // What openssl says the public half is.
        OpenSsl.run(folder, withPassword("pkey -in key.pem -passin pass:correct_horse -pubout -outform DER -out public.der"));
        byte[] spki = Files.readAllBytes(folder.resolve("public.der"));
        assertThat(key.type()).isEqualTo(command.contains("ED25519") ? KeyType.ED25519 : KeyType.RSA);
        assertThat(spki).endsWith(key.publicKey());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "genrsa -traditional -aes128 -passout pass:correct_horse -out key.pem 2048",
        "genpkey -algorithm ED25519 -aes256 -pass pass:correct_horse -out key.pem",
    })
    void opensslsKeysDoNotOpenWithAWrongPasswordOrNone(String command) throws Exception {
        OpenSsl.required("KeyFileTest.opensslsKeysDoNotOpenWithAWrongPasswordOrNone");
        OpenSsl.run(folder, withPassword(command));
        assertRefused(new KeyFile(folder.resolve("key.pem"), Optional.of("wrong")),
                "found an encrypted private key that the given password does not open");
        assertRefused(new KeyFile(folder.resolve("key.pem")), "found an encrypted private key, expected a password with it");
    }

    @Test
    void passesOverEcParametersAndNamesTheEcKey() throws Exception {
        OpenSsl.required("KeyFileTest.passesOverEcParametersAndNamesTheEcKey");
        OpenSsl.run(folder, "ecparam", "-name", "prime256v1", "-genkey", "-out", "key.pem");
        assertThat(folder.resolve("key.pem")).content().contains("EC PARAMETERS");
        assertRefused(new KeyFile(folder.resolve("key.pem")), "found an EC key, expected an RSA or Ed25519 private key");
    }

    @ParameterizedTest
    @CsvSource({"RSA, RSA PRIVATE KEY", "Ed25519, BEGIN PRIVATE KEY"})
    void readsPlainKeys(String algorithm, String block) throws Exception {
        Path file = write(pem(generate(algorithm)));
        assertThat(file).content().contains(block);
        assertThat(new KeyFile(file).read().publicKey()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"DES-EDE3-CBC", "AES-128-CBC", "AES-192-CBC", "AES-256-CBC"})
    void readsEncryptedPkcs1(String cipher) throws Exception {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(generate("RSA"), new JcePEMEncryptorBuilder(cipher).setProvider(new BouncyCastleProvider())
                    .build(PASSWORD.orElseThrow().toCharArray()));
        }
        assertThat(new KeyFile(write(text.toString()), PASSWORD).read().type()).isEqualTo(KeyType.RSA);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "Ed25519"})
    void readsEncryptedPkcs8(String algorithm) throws Exception {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(new JcaPKCS8Generator(generate(algorithm), new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                    .setProvider(new BouncyCastleProvider()).setPassword(PASSWORD.orElseThrow().toCharArray()).build()));
        }
        Path file = write(text.toString());
        assertThat(new KeyFile(file, PASSWORD).read().type()).hasToString(algorithm);
        assertRefused(new KeyFile(file, Optional.of("wrong")), "that the given password does not open");
    }

    @Test
    void readsAKeyAmongCommentsCertificatesAndWindowsLineEnds() throws Exception {
        String junk = "# our key\nBag Attributes\n" + block("CERTIFICATE", new byte[] {0x30, 0}) + "more text\n";
        Path file = write((junk + pem(generate("Ed25519")) + junk).replace("\n", "\r\n"));
        assertThat(new KeyFile(file).read().type()).isEqualTo(KeyType.ED25519);
    }

    @Test
    void refusesAFileThatDoesNotExist() {
        Path file = folder.resolve("none.pem");
        assertThatThrownBy(() -> new KeyFile(file).read())
                .isInstanceOf(UnusableFileException.class)
                .hasMessage("key file " + file + ": found no such file, expected a private key in PEM");
    }

    @Test
    void refusesAFolder() {
        assertRefused(new KeyFile(folder), "cannot be read");
    }

    @Test
    void refusesAFileWithoutAnEnd() throws Exception {
        assertRefused(new KeyFile(write("-".repeat(2_000_000))), "found more than 1048576 bytes");
    }

    @Test
    void refusesAnEmptyFile() throws Exception {
        assertRefused(new KeyFile(write("")), "found no PEM block, expected one RSA or Ed25519 private key in PEM (PKCS#1 or PKCS#8)");
    }

    @Test
    void refusesAPublicKey() throws Exception {
        assertRefused(new KeyFile(write(block("PUBLIC KEY", new byte[] {0x30, 0}))), "found PUBLIC KEY, expected one RSA");
    }

    @Test
    void refusesAnOpensshKey() throws Exception {
        assertRefused(new KeyFile(write(block("OPENSSH PRIVATE KEY", new byte[10]))), "found OPENSSH PRIVATE KEY, expected one RSA");
    }

    @Test
    void refusesTwoKeysInOneFile() throws Exception {
        assertRefused(new KeyFile(write(pem(generate("RSA")) + pem(generate("Ed25519")))),
                "found RSA PRIVATE KEY and PRIVATE KEY, expected one RSA");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA PRIVATE KEY", "PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "EC PRIVATE KEY", "ODD PRIVATE KEY"})
    void refusesBlocksThatHoldNoKey(String type) throws Exception {
        assertRefused(new KeyFile(write(block(type, new byte[] {1, 2, 3})), PASSWORD), "found ");
    }

    @Test
    void refusesDamagedBase64AndAMissingEnd() throws Exception {
        String pem = pem(generate("RSA"));
        assertRefused(new KeyFile(write(pem.replaceFirst("\n....", "\n*?*?"))), "found damaged PEM");
        assertRefused(new KeyFile(write(pem.substring(0, pem.length() - 40))), "found damaged PEM");
    }

    @Test
    void neverShowsThePassword() {
        assertThat(new KeyFile(Path.of("a.pem"), PASSWORD)).hasToString("a.pem");
    }

    @Test
    void registersNoProvider() throws Exception {
        readsEncryptedPkcs8("RSA");
        assertThat(Security.getProvider(BouncyCastleProvider.PROVIDER_NAME)).isNull();
    }

    private static void assertRefused(KeyFile file, String problem) {
        assertThatThrownBy(file::read)
                .isInstanceOf(UnusableFileException.class)
                .hasMessageStartingWith("key file " + file.path() + ": ")
                .hasMessageContaining(problem);
    }

    private static String[] withPassword(String command) {
        String[] words = command.split(" ", -1);
        for (int i = 0; i < words.length; i++) {
            words[i] = words[i].replace("correct_horse", PASSWORD.orElseThrow());
        }
        return words;
    }

    private static PrivateKey generate(String algorithm) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        if (algorithm.equals("RSA")) {
            generator.initialize(1024);
        }
        return generator.generateKeyPair().getPrivate();
    }

    private static String pem(PrivateKey key) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(key);
        }
        return text.toString().replace("\r\n", "\n");
    }

    private static String block(String type, byte[] content) {
        return "-----BEGIN " + type + "-----\n" + Base64.getEncoder().encodeToString(content) + "\n-----END " + type + "-----\n";
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("key.pem"), text, StandardCharsets.ISO_8859_1);
    }
}
