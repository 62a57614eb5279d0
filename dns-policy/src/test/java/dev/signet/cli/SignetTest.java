// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

class SignetTest {

    @ParameterizedTest
    @CsvSource({
        "--help, Usage: signet", "--version, signet ", "verify --help, Usage: signet verify", "sign --help, Usage: signet sign",
        "seal --help, Usage: signet seal",
        "keygen --help, Usage: signet keygen", "help keygen, Usage: signet keygen",
    })
    void helpsOnStandardOutput(String arguments, String text) {
        CommandLineRun run = CommandLineRun.of(arguments.split(" ", -1));
        assertThat(run.status()).isZero();
        assertThat(run.out()).startsWith(text);
        assertThat(run.err()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"'', signet: Unmatched argument", "--odd, signet: Unknown option: '--odd'", "prove, signet: Unmatched argument"})
    void refusesWhatItDoesNotKnow(String arguments, String text) {
        CommandLineRun run = CommandLineRun.of(arguments.split(" ", -1));
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).startsWith(text).endsWith("Try \"signet --help\".\n");
    }

    @Test
    void asksForACommand() {
        CommandLineRun run = CommandLineRun.of();
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).startsWith("signet: Missing required subcommand");
    }

    @Test
    void failsWhenStandardOutputIsClosed() {
        PrintStream closed = new PrintStream(new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException("broken pipe");
            }
        }, false, StandardCharsets.UTF_8);
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(InputStream.nullInputStream(), closed, new PrintStream(err, true, StandardCharsets.UTF_8));
        int status = Signet.run(console, () -> CommandLineRun.NOW, new SecureRandom(),
                "keygen", "--domain", "example.com", "--selector", "s", "--type", "ed25519");
        assertThat(status).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).endsWith("signet: cannot write to standard output\n");
    }
}
