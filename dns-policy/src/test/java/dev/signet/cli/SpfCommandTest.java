// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

class SpfCommandTest {

    @TempDir
    private Path folder;

    private String zone;

    @BeforeEach
    void writeZone() throws IOException {
        Path file = folder.resolve("zone");
        Files.writeString(file, """
                $ORIGIN example.com.
                $TTL 60
                @ IN SOA ns hostmaster 1 1 1 1 1
                @ IN TXT "v=spf1 include:net.example.com -all exp=why.example.com"
                net IN TXT "v=spf1 ip4:192.0.2.0/24 -all"
                why IN TXT "%{i} is not ours"
                """);
        zone = file.toString();
    }

    @Test
    void printsTheResultAndItsReason() {
        CommandLineRun run = CommandLineRun.of("spf", "--zone", zone, "--ip", "192.0.2.1", "--mail-from", "<a@example.com>");
        assertThat(run.status()).isZero();
        assertThat(run.out()).startsWith("pass: ");
    }

    @Test
    void printsJsonWithTheDomainsOwnWords() {
        CommandLineRun run = CommandLineRun.of("spf", "--json", "--zone", zone, "--ip", "198.51.100.1", "--helo", "example.com");
        assertThat(run.out())
                .startsWith("{\"result\":\"fail\",\"domain\":\"example.com\",\"mechanism\":\"-all\",\"lookups\":1,"
                        + "\"explanation\":\"198.51.100.1 is not ours\",\"reason\":\"");
    }

    @Test
    void saysWhoseWordsAnExplanationIs() {
        CommandLineRun run = CommandLineRun.of("spf", "--zone", zone, "--ip", "198.51.100.1", "--helo", "example.com");
        assertThat(run.out().lines()).hasSize(2).last().isEqualTo("example.com explains: 198.51.100.1 is not ours");
    }

    @Test
    void explainsStepByStepWithTheLookupsCounted() throws IOException {
        Files.writeString(Path.of(zone), """
                deep.example.com. 60 IN TXT "v=spf1 a:other.example.com include:inner.example.com -all"
                other.example.com. 60 IN A 198.51.100.7
                inner.example.com. 60 IN TXT "v=spf1 mx:other.example.com ip4:192.0.2.0/24 -all"
                """, StandardOpenOption.APPEND);
        CommandLineRun run = CommandLineRun.of("spf", "--explain", "--zone", zone, "--ip", "192.0.2.1", "--mail-from", "a@deep.example.com");
        assertThat(run.out()).isEqualTo("""
                pass: include:inner.example.com in the record of deep.example.com
                deep.example.com: pass (lookups so far: 3)
                  a:other.example.com: no match (lookups so far: 1)
                  include:inner.example.com: match (lookups so far: 3)
                    inner.example.com: pass (lookups so far: 3)
                      mx:other.example.com: no match (lookups so far: 3)
                      ip4:192.0.2.0/24: match (lookups so far: 3)
                """);
    }

    @Test
    void answersABatchInItsOrderAndSaysWhichLineItCannotRead() throws IOException {
        Path batch = folder.resolve("batch");
        Files.writeString(batch, "192.0.2.1\thelo.example\ta@example.com\nnonsense\n198.51.100.1\texample.com\t\n2001:db8::1\tx\tb@none.example\n");
        CommandLineRun run = CommandLineRun.of("spf", "--zone", zone, "--batch", batch.toString());
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out().lines().map(line -> line.substring(0, Math.min(line.length(), 18))))
                .containsExactly("{\"result\":\"pass\",\"", "{\"error\":\"found \\\"", "{\"result\":\"fail\",\"", "{\"result\":\"none\",\"");
    }

    @Test
    void wantsAClient() {
        assertThat(CommandLineRun.of("spf", "--zone", zone).status()).isEqualTo(2);
    }
}
