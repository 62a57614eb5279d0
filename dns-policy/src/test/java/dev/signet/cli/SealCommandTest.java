// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

class SealCommandTest {

    private static final String MESSAGE =
            "From: J\u00f6e <joe@example.com>\r\nTo: list@list.example\r\nDate: now\r\nSubject: hi\r\n\r\nHi \u00fc.  \r\n\r\nend";
    private static final String RESULTS = """
            Authentication-Results: mx.list.example; spf=pass smtp.mailfrom=joe@example.com\r
            Authentication-Results: mx.other.example; dkim=pass header.d=other.example\r
            Authentication-Results: MX.list.example;\r
            \tdkim=pass header.d=example.com; arc=none\r
            """;

    @TempDir
    Path folder;
    private String key;
    private String zone;

    @BeforeEach
    void makeAKey() throws IOException {
        key = folder.resolve("key.pem").toString();
        zone = write("zone", CommandLineRun.of("keygen", "--domain", "list.example", "--selector", "s", "--type", "rsa", "--out", key).out());
    }

    @Test
    void writesTheMessageByteForByteBehindASetThatPasses() throws IOException {
        String sealed = sealed(MESSAGE);
        assertThat(sealed).startsWith("ARC-Seal: i=1; a=rsa-sha256;").endsWith("\r\n" + MESSAGE);
        JsonNode arc = arc(sealed);
        assertThat(arc.path("result").asText()).isEqualTo("pass");
        assertThat(arc.path("instances").asInt()).isEqualTo(1);
        assertThat(arc.path("oldestPass").asInt()).isZero();
        assertThat(arc.path("sealers").path(0).asText()).isEqualTo("list.example");
        assertThat(arc.path("reason").asText()).isEqualTo("all seals and the newest message signature verified");
        assertThat(unfolded(sealed)).contains("\nARC-Authentication-Results: i=1; mx.list.example; dkim=none; arc=none; dmarc=");
    }

    @Test
    void continuesAChain() throws IOException {
        String message = MESSAGE;
        for (int i = 1; i <= 5; i++) {
            message = sealed(message);
            assertThat(arc(message).path("result").asText()).isEqualTo("pass");
            assertThat(arc(message).path("instances").asInt()).isEqualTo(i);
        }
        assertThat(unfolded(message)).contains("i=5; mx.list.example; dkim=none; arc=pass (as.4.list.example=pass, as.3.");
    }

    @Test
    void testifiesWhatTheAuthservIdsOwnFieldsSay() throws IOException {
        assertThat(unfolded(sealed(RESULTS + MESSAGE))).contains("\nARC-Authentication-Results: i=1; mx.list.example;"
                + " spf=pass smtp.mailfrom=joe@example.com; dkim=pass header.d=example.com; arc=none\n");
    }

    @Test
    void testifiesWhatItIsGiven() throws IOException {
        assertThat(unfolded(sealed(RESULTS + MESSAGE, "--authentication-results", "spf=fail smtp.mailfrom=x@example.org")))
                .contains("\nARC-Authentication-Results: i=1; mx.list.example; spf=fail smtp.mailfrom=x@example.org\n");
    }

    @Test
    void namesHeadersAndTimeAsItIsTold() throws IOException {
        String fields = unfolded(sealed(MESSAGE, "--timestamp", "12345", "--headers", "mime-version:date:from:to:subject"));
        assertThat(fields).contains(" h=mime-version:date:from:to:subject; s=s; t=12345\n").contains(" cv=none; d=list.example; s=s; t=12345\n");
    }

    @Test
    void theChainIsWhatTheResultsSayItWas() throws IOException {
        String once = sealed(MESSAGE);
        String failed = sealed(once, "--authentication-results", "arc=fail");
        assertThat(unfolded(failed)).startsWith("ARC-Seal: i=2; a=rsa-sha256;").contains(" cv=fail; d=list.example; s=s;");
        assertThat(arc(failed).path("result").asText()).isEqualTo("fail");
        assertNotSealed(failed, "the chain is sealed as failed");
        assertNotSealed(once, "the chain could not be validated when the message came in", "--authentication-results", "arc=temperror");
        assertNotSealed(MESSAGE, "the chain that the message came with is gone", "--authentication-results", "arc=pass");
    }

    @Test
    void whatTheResultsDoNotSayOfTheChainIsFoundOut() throws IOException {
        String broken = sealed(MESSAGE) + "!";
        String sealed = sealed(broken, "--authentication-results", "spf=pass");
        assertThat(unfolded(sealed)).startsWith("ARC-Seal: i=2;").contains(" cv=fail; d=list.example; s=s;").contains("i=2; mx.list.example; spf=pass\n");
    }

    @Test
    void verifyBelievesTheSealersInAFile() throws IOException {
        String sealed = sealed(RESULTS + MESSAGE.replace("J\u00f6e", "Joe"));
        Files.writeString(Path.of(zone), "_dmarc.example.com. IN TXT \"v=DMARC1; p=reject\"\n", StandardOpenOption.APPEND);
        assertThat(dmarc(sealed)).isEqualTo("reject");
        assertThat(dmarc(sealed, "--trusted-sealers", write("sealers", "list.example # ours\n"))).isEqualTo("none");
        CommandLineRun wrong = CommandLineRun.of("verify", "--trusted-sealers", write("sealers", "\na b\n"), "m");
        assertThat(wrong.err()).contains("'--trusted-sealers': list of trusted sealers " + folder.resolve("sealers") + ": line 2: found a b, expected");
        assertThat(CommandLineRun.of("verify", "--trusted-sealers", "/no/file", "m").err())
                .contains("'--trusted-sealers': list of trusted sealers /no/file: found no such file, expected a domain on each line");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            --authserv-id x --headers from:arc-seal m | '--headers': headers: found arc-seal, which an ARC-Message-Signature must not cover
            --authserv-id x --headers to:cc m | '--headers': headers: found to:cc, expected From among them
            --authserv-id x --timestamp now m | '--timestamp'
            --authserv-id x --authentication-results spf m | '--authentication-results': found spf (expected '=' at the end), expected results
            --authserv-id  m | '--authserv-id': found nothing
            m | Missing required option: '--authserv-id=ID'
            """)
    void saysWhichOptionWhatWasFoundAndWhatWasExpected(String arguments, String message) {
        CommandLineRun run = CommandLineRun.of(("seal --domain list.example --selector s --key " + key + " " + arguments).split(" ", -1));
        assertThat(run.err()).contains(message);
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
    }

    private void assertNotSealed(String message, String reason, String... options) throws IOException {
        CommandLineRun seal = seal(message, options);
        assertThat(seal.err()).isEqualTo("signet seal: " + folder.resolve("message") + ": not sealed: " + reason + "\n");
        assertThat(seal.status()).isEqualTo(1);
        assertThat(seal.out()).isEmpty();
    }

    private String sealed(String message, String... options) throws IOException {
        CommandLineRun seal = seal(message, options);
        assertThat(seal.err()).isEmpty();
        assertThat(seal.status()).isZero();
        return seal.out();
    }

    private CommandLineRun seal(String message, String... options) throws IOException {
        List<String> fixed = List.of("seal", "--domain", "list.example", "--selector", "s", "--key", key, "--authserv-id", "mx.list.example");
        return CommandLineRun.of(Stream.of(fixed, List.of(options), List.of("--zone", zone, write("message", message)))
                .flatMap(List::stream)
                .toArray(String[]::new));
    }

    private String dmarc(String message, String... options) throws IOException {
        List<String> fixed = List.of("verify", "--json", "--zone", zone, "--ip", "192.0.2.1", "--mail-from", "x@list.example");
        CommandLineRun verify = CommandLineRun.of(Stream.of(fixed, List.of(options), List.of(write("sealed", message)))
                .flatMap(List::stream)
                .toArray(String[]::new));
        return JsonMapper.builder().build().readTree(verify.out()).path("dmarc").path("disposition").asText();
    }

    private JsonNode arc(String message) throws IOException {
        CommandLineRun verify = CommandLineRun.of("verify", "--json", "--zone", zone, write("sealed", message));
        return JsonMapper.builder().build().readTree(verify.out()).path("arc");
    }

    private static String unfolded(String message) {
        return message.replaceAll("\r\n[ \t]+", " ").replace("\r\n", "\n");
    }

    private String write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content, StandardCharsets.ISO_8859_1).toString();
    }
}
