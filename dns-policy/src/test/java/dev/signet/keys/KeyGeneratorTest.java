// SPDX-License-Identifier: Apache-2.0
package dev.signet.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.dns.DomainName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

class KeyGeneratorTest {

    private static final DomainName DOMAIN = DomainName.of("example.com");

    private final KeyGenerator generator = new KeyGenerator(new SecureRandom());

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1024, 2048, 3072})
    void makesRsaKeysThatCanBeReadAgain(int bits) throws Exception {
        GeneratedKey key = generator.rsa(bits);
        assertThat(key.key().bits()).isEqualTo(bits);
        assertThat(key.key().warning().isPresent()).isEqualTo(bits < 2048);
        key.writeTo(folder.resolve("key.pem"));
        assertThat(new KeyFile(folder.resolve("key.pem")).read().publicKey()).isEqualTo(key.key().publicKey());
    }

    @Test
    void makesEd25519KeysThatCanBeReadAgain() throws Exception {
        GeneratedKey key = generator.ed25519();
        assertThat(key.key().type()).isEqualTo(KeyType.ED25519);
        key.writeTo(folder.resolve("key.pem"));
        assertThat(new KeyFile(folder.resolve("key.pem")).read().publicKey()).isEqualTo(key.key().publicKey());
    }

    @Test
    void opensslReadsBothKinds() throws Exception {
        OpenSsl.required("KeyGeneratorTest.opensslReadsBothKinds");
        generator.ed25519().writeTo(folder.resolve("ed25519.pem"));
        generator.rsa(2048).writeTo(folder.resolve("rsa.pem"));
        OpenSsl.run(folder, "pkey", "-in", "ed25519.pem", "-noout", "-text");
        OpenSsl.run(folder, "pkey", "-in", "rsa.pem", "-noout", "-check");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 512, 1023, 8193})
    void refusesOtherSizes(int bits) {
        assertThatThrownBy(() -> generator.rsa(bits))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("found an RSA key of " + bits + " bits, expected 1024 to 8192");
    }

    @Test
    void givesTheFileToItsOwnerAlone() throws Exception {
        Path file = folder.resolve("key.pem");
        generator.ed25519().writeTo(file);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
    }

    @Test
    void neverOverwritesAFile() throws Exception {
        Path file = Files.writeString(folder.resolve("key.pem"), "the only copy");
        GeneratedKey key = generator.ed25519();
        assertThatThrownBy(() -> key.writeTo(file)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(file).hasContent("the only copy");
    }

    @Test
    void neverShowsThePrivateKey() {
        assertThat(generator.ed25519()).hasToString("Ed25519, 256 bits");
    }

    @Test
    void publishesAnEd25519KeyInOneString() {
        GeneratedKey key = generator.ed25519();
        assertThat(KeyRecord.of(key.key(), "sel", DOMAIN).masterFileLine()).isEqualTo(
                "sel._domainkey.example.com. IN TXT ( \"v=DKIM1; k=ed25519; p="
                        + Base64.getEncoder().encodeToString(key.key().publicKey()) + "\" )");
    }

    @ParameterizedTest
    @ValueSource(ints = {1024, 2048, 4096})
    void splitsTheRecordOfAnRsaKeyIntoStringsThatFit(int bits) {
        KeyRecord record = KeyRecord.of(generator.rsa(bits).key(), "sel", DOMAIN);
        assertThat(record.value()).startsWith("v=DKIM1; k=rsa; p=MI");
        assertThat(record.strings()).allMatch(string -> !string.isEmpty() && string.length() <= 255);
        assertThat(String.join("", record.strings())).isEqualTo(record.value());
        assertThat(record.masterFileLine()).startsWith("sel._domainkey.example.com. IN TXT ( \"v=DKIM1; k=rsa; p=")
                .endsWith("\" )").doesNotContain("\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a..b", "a b", "a\"b", "a;b", "a(b", "a\\b", "a@b"})
    void refusesSelectorsThatAreNoLabels(String selector) {
        SigningKey key = generator.ed25519().key();
        assertThatThrownBy(() -> KeyRecord.of(key, selector, DOMAIN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("found the selector \"" + selector + "\"");
    }
}
