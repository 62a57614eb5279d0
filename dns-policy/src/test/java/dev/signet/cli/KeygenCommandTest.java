// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.keys.KeyFile;
import dev.signet.keys.KeyType;
import dev.signet.keys.SigningKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

class KeygenCommandTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"rsa, RSA, 2048", "ED25519, ED25519, 256"})
    void writesTheKeyForItsOwnerAndPrintsTheRecordAlone(String type, KeyType expected, int bits) throws Exception {
        Path file = folder.resolve("key.pem");
        CommandLineRun run = CommandLineRun.of(
                "keygen", "--domain", "Example.com.", "--selector", "s2026", "--type", type, "--out", file.toString());

        SigningKey key = new KeyFile(file).read();
        assertThat(run.status()).describedAs(run.err()).isZero();
        assertThat(key.type()).isEqualTo(expected);
        assertThat(key.bits()).isEqualTo(bits);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        assertThat(run.out()).startsWith("s2026._domainkey.example.com. IN TXT ( \"v=DKIM1; k=" + expected.tag() + "; p=")
                .endsWith("\" )\n").hasLineCount(1);
        assertThat(run.err()).isEmpty();
    }

    @Test
    void withoutAFileTheKeyGoesToStandardOutputAndTheRecordToStandardError() throws Exception {
        CommandLineRun run = CommandLineRun.of("keygen", "--domain", "example.com", "--selector", "s", "--type", "ed25519");
        assertThat(run.status()).isZero();
        Path file = Files.writeString(folder.resolve("key.pem"), run.out());
        assertThat(new KeyFile(file).read().type()).isEqualTo(KeyType.ED25519);
        assertThat(run.err()).startsWith("s._domainkey.example.com. IN TXT ( ").hasLineCount(1);
    }

    @Test
    void warnsAboutAnRsaKeyUnder2048Bits() {
        CommandLineRun run = CommandLineRun.of("keygen", "--domain", "example.com", "--selector", "s", "--type", "rsa", "--bits", "1024");
        assertThat(run.status()).isZero();
        assertThat(run.err()).contains("warning: an RSA key of 1024 bits is weak");
    }

    @Test
    void neverOverwritesAFile() throws Exception {
        Path file = Files.writeString(folder.resolve("key.pem"), "the only copy");
        CommandLineRun run = CommandLineRun.of(
                "keygen", "--domain", "example.com", "--selector", "s", "--type", "ed25519", "--out", file.toString());
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("Invalid value for option '--out': found " + file + ", expected a file that does not exist yet");
        assertThat(file).hasContent("the only copy");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            --domain a..b --selector s --type rsa | Invalid value for option '--domain': found "a..b", expected a domain name
            --domain example.com --selector a;b --type ed25519 | Invalid value for option '--selector': found the selector "a;b", expected
            --domain example.com --selector s --type dsa | Invalid value for option '--type': found "dsa", expected rsa or ed25519
            --domain example.com --selector s --type rsa --bits 512 | '--bits': found an RSA key of 512 bits, expected 1024 to 8192
            --domain example.com --selector s --type rsa --bits many | Invalid value for option '--bits': 'many' is not an int
            --domain example.com --selector s --type ed25519 --bits 256 | '--bits': found 256, expected no such option
            --domain example.com --selector s --type ed25519 --out /no/such/folder/k | '--out': found no folder for /no/such/folder/k
            --selector s --type rsa | Missing required option: '--domain=D'
            """)
    void saysWhichOptionWhatWasFoundAndWhatWasExpected(String arguments, String message) {
        CommandLineRun run = CommandLineRun.of(("keygen " + arguments).split(" ", -1));
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(message);
    }
}
