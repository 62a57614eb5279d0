// SPDX-License-Identifier: Apache-2.0
package dev.signet.srs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.file.UnusableFileException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class SrsSecretsTest {

    @TempDir
    Path folder;
    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("srs.secret");
    }

    @Test
    void takesALineASecret() throws IOException {
        Files.writeString(file, "# since June\nthe new one, 16 or more\r\n\n   the old one, 16 or more  \n");
        SrsSecrets secrets = SrsSecrets.read(file);
        assertThat(secrets).hasToString("2 secrets");
        assertThat(secrets.hash(4, "x")).isEqualTo(new SrsSecrets(List.of("the new one, 16 or more")).hash(4, "x"));
        assertThat(secrets.verify(new SrsSecrets(List.of("the old one, 16 or more")).hash(4, "x"), "x")).isTrue();
    }

    @Test
    void saysWhatIsWrongWithoutTellingTheSecret() throws IOException {
        assertRefused("found no such file, expected a secret on each line");
        Files.writeString(file, "# nothing\n");
        assertRefused("found no secret, expected one a line");
        Files.writeString(file, "long enough to be a secret\ntoo short\n");
        assertRefused("found a secret of 9 characters, expected at least 16 for each");
    }

    private void assertRefused(String problem) {
        assertThatThrownBy(() -> SrsSecrets.read(file))
                .isInstanceOf(UnusableFileException.class)
                .hasMessage("SRS secrets " + file + ": " + problem);
    }
}
