// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.signet.testing.Behaviour;
import dev.signet.testing.LoopbackDns;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

class SignAndVerifyTest {

    // 8-bit bytes in header and body, trailing blank lines, no line end at the end.
    private static final String MESSAGE =
            "From: J\u00f6e <joe@example.com>\r\nTo: suzie@example.net\r\nSubject: folded\r\n  twice\r\n\r\nHi \u00fc.  \r\n\r\n\r\n.\r\nend";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    Path folder;
    private String key;
    private String zone;

    @BeforeEach
    void makeAKey() throws IOException {
        key = folder.resolve("key.pem").toString();
        CommandLineRun keygen = CommandLineRun.of("keygen", "--domain", "example.com", "--selector", "s", "--type", "ed25519", "--out", key);
        zone = write("zone", keygen.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"relaxed/relaxed", "relaxed/simple", "simple/relaxed", "simple/simple", "simple"})
    void writesTheMessageByteForByteBehindASignatureThatPasses(String forms) throws IOException {
        CommandLineRun sign = sign(write("message", MESSAGE), "--canonicalization", forms);
        assertThat(sign.status()).describedAs(sign.err()).isZero();
        assertThat(sign.err()).isEmpty();
        assertThat(sign.out()).startsWith("DKIM-Signature: v=1; a=ed25519-sha256; c=" + (forms.equals("simple") ? "simple/simple" : forms))
                .endsWith("\r\n" + MESSAGE);

        CommandLineRun verify = CommandLineRun.of("verify", "--zone", zone, write("signed", sign.out()));
        assertThat(verify.status()).describedAs(verify.out()).isZero();
        assertThat(verify.err()).isEmpty();
    }

    @Test
    void signsWithRsaToo() throws IOException {
        String rsa = folder.resolve("rsa.pem").toString();
        String record = CommandLineRun.of("keygen", "--domain", "example.com", "--selector", "s", "--type", "rsa", "--out", rsa).out();
        CommandLineRun sign = CommandLineRun.withInput(
                MESSAGE, "sign", "--domain", "example.com", "--selector", "s", "--key", rsa, "-");
        CommandLineRun verify = CommandLineRun.withInput(sign.out(), "verify", "--zone", write("rsa", record), "-");
        assertThat(verify.status()).isZero();
        assertThat(verify.out()).startsWith("-\n  dkim=pass d=example.com s=s a=rsa-sha256 (2048 bits) signed 2026-01-02T03:04:05Z: signature verified\n");
    }

    @Test
    void signsTheFieldsThatAreNamedUntilTheTimeThatIsGiven() throws IOException {
        String message = write("message", MESSAGE);
        CommandLineRun sign = sign(message, "--headers", "from:to:to", "--expire-in", "7d");
        long now = CommandLineRun.NOW.getEpochSecond();
        assertThat(sign.out()).contains("h=from:to:to;", "t=" + now + "; x=" + (now + 7 * 86_400) + ";");
    }

    @Test
    void readsStandardInputOnce() throws IOException {
        CommandLineRun sign = CommandLineRun.withInput(
                MESSAGE, "sign", "--domain", "example.com", "--selector", "s", "--key", key, "-");
        assertThat(sign.out()).endsWith(MESSAGE);
    }

    @Test
    void printsABlockForEachFileWhateverTheirResults() throws IOException {
        String signed = write("signed", sign(write("message", MESSAGE)).out());
        String unsigned = write("unsigned", MESSAGE);
        CommandLineRun verify = CommandLineRun.of("verify", "--zone", zone, signed, unsigned);
        assertThat(verify.status()).isZero();
        assertThat(verify.out())
                .startsWith(signed + "\n  dkim=pass d=example.com s=s a=ed25519-sha256 (256 bits) signed 2026-01-02T03:04:05Z: signature verified\n"
                        + "  arc=none: the message has no ARC chain\n  dmarc=permerror: 8-bit bytes that are not UTF-8\n  Authentication-Results: localhost;")
                .contains("\n\n" + unsigned + "\n  dkim=none: the message is not signed\n  arc=none: the message has no ARC chain\n"
                        + "  dmarc=permerror: 8-bit bytes that are not UTF-8\n  Authentication-Results: localhost;")
                .endsWith("\n\n");
    }

    @Test
    void printsOneJsonObjectALine() throws IOException {
        String signed = sign(write("message", MESSAGE)).out();
        CommandLineRun verify = CommandLineRun.of("verify", "--json", "--zone", zone, "--ip", "2001:db8::1", "--helo", "mx.example.com",
                "--mail-from", "<>", write("sound", signed), write("changed", signed + "!"));
        assertThat(verify.status()).isZero();
        List<String> lines = verify.out().lines().toList();
        assertThat(lines).hasSize(2);

        JsonNode sound = JSON.readTree(lines.get(0));
        assertThat(sound.path("file").asText()).isEqualTo(folder.resolve("sound").toString());
        JsonNode result = sound.path("dkim").path(0);
        assertThat(result.path("result").asText()).isEqualTo("pass");
        assertThat(result.path("domain").asText()).isEqualTo("example.com");
        assertThat(result.path("selector").asText()).isEqualTo("s");
        assertThat(result.path("identity").asText()).isEqualTo("@example.com");
        assertThat(result.path("algorithm").asText()).isEqualTo("ed25519-sha256");
        assertThat(result.path("reason").asText()).isEqualTo("signature verified");
        assertThat(sound.path("authenticationResults").asText())
                .startsWith("localhost; iprev=permerror ").contains("; dkim=pass ").doesNotContain("\n", "\r", "\t");
        assertThat(sound.path("spf").path("mailfrom").path("result").asText()).isEqualTo("none");
        assertThat(sound.path("spf").path("mailfrom").path("domain").asText()).isEqualTo("mx.example.com");
        assertThat(sound.path("spf").path("helo").path("result").asText()).isEqualTo("none");
        assertThat(sound.path("iprev").path("result").asText()).isEqualTo("permerror");

        JsonNode changed = JSON.readTree(lines.get(1));
        assertThat(changed.path("dkim").path(0).path("result").asText()).isEqualTo("fail");
        assertThat(changed.path("dkim").path(0).path("reason").asText()).startsWith("body hash did not verify");
    }

    @Test
    void asksTheNameServersThatAreGivenAndTheNextOneWhenOneFails() throws Exception {
        String signed = write("signed", sign(write("message", MESSAGE)).out());
        String name = "s._domainkey.example.com";
        try (LoopbackDns broken = LoopbackDns.start().behave(name, Behaviour.SERVFAIL);
                LoopbackDns sound = LoopbackDns.start().zone(Files.readString(Path.of(zone)))) {
            CommandLineRun verify = CommandLineRun.of("verify", "--dns", "127.0.0.1:" + broken.socketAddress().getPort(),
                    "--dns", "127.0.0.1:" + sound.socketAddress().getPort(), signed);
            assertThat(verify.status()).describedAs(verify.out()).isZero();
            assertThat(broken.queries()).contains("TXT " + name);
            assertThat(sound.queries()).containsOnlyOnce("TXT " + name);
        }
    }

    @Test
    void readsAFileWithUnixLineEndsAsMailAndSaysSo() throws IOException {
        String unix = write("unix", MESSAGE.replace("\r\n", "\n"));
        CommandLineRun sign = sign(unix);
        assertThat(sign.err()).isEqualTo("note: " + unix + ": found Unix line ends (LF); read as if they were those of mail (CRLF)\n");
        assertThat(sign.out()).endsWith("\r\n" + MESSAGE);

        CommandLineRun verify = CommandLineRun.of("verify", "--zone", zone, write("signed", sign.out().replace("\r\n", "\n")));
        assertThat(verify.status()).isZero();
        assertThat(verify.err()).startsWith("note: ").hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "From: a@example.com\r\nSubject: a\nb\r\n\r\nbody\n",
        "From: a@example.com\nSubject: mixed\r\n\r\nbody\r\n",
        "From: a@example.com\r\n\r\nbare\nline\rends\n\n",
    })
    void leavesAFileWithCrlfInItsHeaderAsItIs(String message) throws IOException {
        CommandLineRun sign = sign(write("message", message));
        assertThat(sign.err()).isEmpty();
        assertThat(sign.out()).endsWith("\r\n" + message);
        assertThat(CommandLineRun.of("verify", "--zone", zone, write("signed", sign.out())).status()).isZero();
    }

    @Test
    void keepsTheCrlfOfTheBodyOfAUnixFile() throws IOException {
        CommandLineRun sign = sign(write("message", "From: a@example.com\n\na\r\nb\nc\r"));
        assertThat(sign.out()).endsWith("\r\nFrom: a@example.com\r\n\r\na\r\nb\r\nc\r");
    }

    @Test
    void doesNotSignAMessageWithoutFrom() throws IOException {
        CommandLineRun sign = sign(write("message", "To: a@example.com\r\n\r\n"));
        assertThat(sign.status()).isEqualTo(1);
        assertThat(sign.out()).isEmpty();
        assertThat(sign.err()).contains("not signed: the message has no From");
    }

    @Test
    void goesOnAfterAFileThatCannotBeRead() throws IOException {
        String signed = write("signed", sign(write("message", MESSAGE)).out());
        String none = folder.resolve("none").toString();
        CommandLineRun verify = CommandLineRun.of("verify", "--zone", zone, none, folder.toString(), signed);
        assertThat(verify.status()).isEqualTo(1);
        assertThat(verify.err()).contains("signet verify: " + none + ": no such file", "signet verify: " + folder + ": ");
        assertThat(verify.out()).startsWith(signed + "\n  dkim=pass");
        assertThat(sign(none).status()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            --key /no/key.pem m | Invalid value for option '--key': key file /no/key.pem: found no such file, expected a private key
            --key KEY --headers to:cc m | Invalid value for option '--headers': headers: found to:cc, expected From among them
            --key KEY --expire-in week m | Invalid value for option '--expire-in': found "week", expected a time of
            --key KEY --expire-in 0s m | Invalid value for option '--expire-in': found "0s", expected a time of
            --key KEY --canonicalization loose m | Invalid value for option '--canonicalization': found "loose", expected
            --key KEY --canonicalization relaxed/ m | Invalid value for option '--canonicalization'
            --key KEY | Missing required parameter: 'FILE'
            --key KEY a b | Unmatched argument at index
            """)
    void signSaysWhichOptionWhatWasFoundAndWhatWasExpected(String arguments, String message) {
        assertUsage("sign --domain example.com --selector s " + arguments.replace("KEY", key), message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            --dns 192.0.2.1:0 m | Invalid value for option '--dns' (HOST:PORT): found "192.0.2.1:0", expected HOST or HOST:PORT
            --dns 192.0.2.1:x m | Invalid value for option '--dns'
            --dns ::1 m | Invalid value for option '--dns' (HOST:PORT): found "::1", expected
            --dns [::1 m | Invalid value for option '--dns'
            --dns [::1]53 m | Invalid value for option '--dns'
            --dns name.invalid:53 m | found "name.invalid", which has no address
            --zone /no/zone m | Invalid value for option '--zone': found /no/zone unusable (no such file), expected a master file
            --zone KEY m | Invalid value for option '--zone': found KEY unusable
            --zone a --dns 192.0.2.1 m | are mutually exclusive
            --ip mail.example.com m | Invalid value for option '--ip': found "mail.example.com", expected an address such as
            --ip 192.0.2.0/24 m | Invalid value for option '--ip'
            --json | Missing required parameter: 'FILE'
            """)
    void verifySaysWhichOptionWhatWasFoundAndWhatWasExpected(String arguments, String message) {
        assertUsage("verify " + arguments.replace("KEY", key), message.replace("KEY", key));
    }

    private static void assertUsage(String commandLine, String message) {
        CommandLineRun run = CommandLineRun.of(commandLine.split(" ", -1));
        assertThat(run.err()).contains(message);
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
    }

    private CommandLineRun sign(String file, String... options) {
        return CommandLineRun.of(Stream.of(
                        List.of("sign", "--domain", "example.com", "--selector", "s", "--key", key), List.of(options), List.of(file))
                .flatMap(List::stream).toArray(String[]::new));
    }

    private String write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content, StandardCharsets.ISO_8859_1).toString();
    }
}
