// SPDX-License-Identifier: Apache-2.0
package dev.signet.keys;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.file.ReloadingFile;
import dev.signet.file.UnusableFileException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

// Reads what is logged, which is to be from here.
@Isolated
class ReloadingKeyFileTest {

    private final KeyGenerator generator = new KeyGenerator(new SecureRandom());
    private final GeneratedKey first = generator.ed25519();
    private final GeneratedKey second = generator.ed25519();
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final PrintStream standardError = System.err;
    private Instant now = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    Path folder;
    private Path file;

    @BeforeEach
    void captureTheLog() {
        // slf4j-simple asks System.err anew for every line.
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        file = folder.resolve("key.pem");
    }

    @AfterEach
    void releaseTheLog() {
        System.setErr(standardError);
    }

    @Test
    void refusesToStartWithoutAKey() {
        assertThatThrownBy(() -> new ReloadingKeyFile(new KeyFile(file), () -> now))
                .isInstanceOf(UnusableFileException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void takesTheNewKeyASecondAfterItsFileChanged() throws IOException {
        write(first, 1);
        ReloadingKeyFile keys = new ReloadingKeyFile(new KeyFile(file), () -> now);
        assertSignsWith(first, keys);
        write(second, 2);
        now = now.plusMillis(999);
        assertSignsWith(first, keys);
        now = now.plusMillis(1);
        assertSignsWith(second, keys);
    }

    @Test
    void seesAFileOfTheSameTimeAndSizeRenamedOntoIt() throws IOException {
        write(first, 1);
        ReloadingKeyFile keys = new ReloadingKeyFile(new KeyFile(file), () -> now);
        Path next = Files.writeString(folder.resolve("next.pem"), second.pem());
        Files.setLastModifiedTime(next, Files.getLastModifiedTime(file));
        Files.move(next, file, ATOMIC_MOVE);
        passASecond();
        assertSignsWith(second, keys);
    }

    @Test
    void keepsTheOldKeyAndLogsOnceForEachChangeOfABadFile() throws IOException {
        write(first, 1);
        ReloadingKeyFile keys = new ReloadingKeyFile(new KeyFile(file), () -> now);
        Files.writeString(file, "not a key");
        for (int i = 0; i < 5; i++) {
            passASecond();
            assertSignsWith(first, keys);
        }
        assertThat(errors()).singleElement().asString()
                .contains(file.toString(), "found no PEM block", "still in force: a key for Ed25519, 256 bits");

        Files.delete(file);
        for (int i = 0; i < 5; i++) {
            passASecond();
            assertSignsWith(first, keys);
        }
        assertThat(errors()).hasSize(2).last().asString().contains("found no such file");

        write(second, 2);
        passASecond();
        assertSignsWith(second, keys);
        assertThat(errors()).hasSize(2);
    }

    @Test
    void keepsTheOldKeyWhereTheNewOneIsOfAnotherType() throws IOException {
        write(first, 1);
        ReloadingKeyFile keys = new ReloadingKeyFile(new KeyFile(file), () -> now);
        write(generator.rsa(2048), 2);
        for (int i = 0; i < 3; i++) {
            passASecond();
            assertSignsWith(first, keys);
        }
        assertThat(errors()).singleElement().asString()
                .contains(file.toString(), "found a key for RSA, expected one for Ed25519 as before", "still in force: a key for Ed25519, 256 bits");
        write(second, 3);
        passASecond();
        assertSignsWith(second, keys);
    }

    @Test
    void doesNotReadAnUnchangedFile() throws IOException {
        write(first, 1);
        ReloadingKeyFile keys = new ReloadingKeyFile(new KeyFile(file), () -> now);
        // The same stamp with other content: whoever reads it gets the other key.
        FileTime time = Files.getLastModifiedTime(file);
        Files.writeString(file, second.pem());
        Files.setLastModifiedTime(file, time);
        passASecond();
        assertSignsWith(first, keys);
    }

    @Test
    void looksAgainAfterTheClockWasSetBack() throws IOException {
        write(first, 1);
        ReloadingKeyFile keys = new ReloadingKeyFile(new KeyFile(file), () -> now);
        write(second, 2);
        now = now.minus(Duration.ofHours(5));
        assertSignsWith(second, keys);
    }

    @Test
    void servesManyThreadsDuringARotation() throws IOException {
        write(first, 1);
        ReloadingKeyFile keys = new ReloadingKeyFile(new KeyFile(file), () -> now);
        write(second, 2);
        passASecond();
        List<byte[]> seen = IntStream.range(0, 1000).parallel().mapToObj(i -> keys.current().publicKey()).toList();
        assertThat(seen).allSatisfy(key -> assertThat(key).isIn(first.key().publicKey(), second.key().publicKey()));
        assertSignsWith(second, keys);
    }

    @Test
    void warnsAboutAWeakKeyAtStart() throws IOException {
        write(generator.rsa(1024), 1);
        new ReloadingKeyFile(new KeyFile(file), () -> now);
        assertThat(lines("WARN")).singleElement().asString().contains("RSA key of 1024 bits is weak");
    }

    private void passASecond() {
        now = now.plus(ReloadingFile.INTERVAL);
    }

    private void write(GeneratedKey key, int second) throws IOException {
        Files.writeString(file, key.pem());
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-01-01T00:00:00Z").plusSeconds(second)));
    }

    private static void assertSignsWith(GeneratedKey expected, ReloadingKeyFile keys) {
        assertThat(keys.current().publicKey()).isEqualTo(expected.key().publicKey());
    }

    private List<String> errors() {
        return lines("ERROR");
    }

    private List<String> lines(String level) {
        return log.toString(StandardCharsets.UTF_8).lines().filter(line -> line.contains(" " + level + " ")).toList();
    }
}
