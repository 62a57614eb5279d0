// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;

class SamplingKeyFileTest {

    private final SecureRandom random = new SecureRandom();

    @TempDir
    private Path folder;

    @Test
    void isMadeAtFirstForItsOwnerOnlyAndReadFromThenOn() throws IOException {
        Path file = folder.resolve("key");

        byte[] made = new SamplingKeyFile(file).readOrMake(random);

        assertThat(made).hasSize(32);
        assertThat(new SamplingKeyFile(file).readOrMake(random)).isEqualTo(made);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        assertThat(folder).isDirectoryContaining(path -> path.equals(file)).isDirectoryNotContaining(path -> !path.equals(file));
        assertThat(new SamplingKeyFile(folder.resolve("other")).readOrMake(random)).isNotEqualTo(made);
    }

    @Test
    void takesAKeyThatAnotherToolWrote() throws IOException {
        Path file = Files.writeString(folder.resolve("key"), "  MDEyMzQ1Njc4OWFiY2RlZg==\r\n");

        assertThat(new SamplingKeyFile(file).readOrMake(random)).asString().isEqualTo("0123456789abcdef");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "MDEyMzQ1Njc4OWFiY2Rl", "not Base64!"})
    void refusesWhatIsNoKeyAndNamesTheFile(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("key"), text);

        assertThatIOException().isThrownBy(() -> new SamplingKeyFile(file).readOrMake(random))
                .withMessageStartingWith(file + ": found ")
                .withMessageContaining("expected a sampling key of at least 16");
        assertThat(file).hasContent(text);
    }

    @Test
    void saysWhichFolderIsMissing() {
        assertThatIOException().isThrownBy(() -> new SamplingKeyFile(folder.resolve("no/key")).readOrMake(random))
                .withMessageContaining("found no folder " + folder.resolve("no"));
    }
}
