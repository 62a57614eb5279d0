// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.ImmutableList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * The names in the JSON that programs read. A name here that changes breaks them. The first ones of each object, in this order, are
 * those that its readers were promised.
 */
class JsonKeysTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private Path folder;

    private String zone;
    private String signed;

    @BeforeEach
    void signAMessage() throws IOException {
        String key = folder.resolve("key.pem").toString();
        String record = CommandLineRun.of("keygen", "--domain", "example.com", "--selector", "s", "--type", "ed25519", "--out", key).out();
        zone = write("zone", """
                example.com. 60 IN SOA ns hostmaster 1 1 1 1 1
                example.com. 60 IN TXT "v=spf1 ip4:192.0.2.1 -all"
                _dmarc.example.com. 60 IN TXT "v=DMARC1; p=reject"
                """ + record);
        String message = write("message", "From: a@example.com\r\n\r\nbody\r\n");
        signed = write("signed",
                CommandLineRun.of("sign", "--domain", "example.com", "--selector", "s", "--key", key, message).out());
    }

    @Test
    void ofVerify() throws IOException {
        JsonNode all = verify("--sender-id", "--ip", "192.0.2.1", "--helo", "mail.example.com", "--mail-from", "a@example.com", signed);

        assertThat(names(all)).containsExactly(
                "file", "client", "spf", "iprev", "senderId", "dkim", "arc", "dmarc", "auth", "tls", "authenticationResults");
        assertThat(names(all.get("dkim").get(0)))
                .startsWith("result", "domain", "selector", "identity", "algorithm", "reason");
        assertThat(Instant.parse(all.get("dkim").get(0).get("created").asText())).isEqualTo(CommandLineRun.NOW);
        assertThat(names(all.get("spf"))).containsExactly("mailfrom", "helo");
        assertThat(names(all.get("spf").get("mailfrom"))).startsWith("result", "domain", "mechanism", "reason");
        assertThat(names(all.get("spf").get("helo"))).startsWith("result", "domain", "mechanism", "reason");
        assertThat(names(all.get("iprev"))).startsWith("result", "name");
        assertThat(names(all.get("senderId"))).startsWith("result", "pra", "domain");
        assertThat(names(all.get("arc"))).containsExactly("result", "instances", "oldestPass", "sealers", "reason");
        assertThat(names(all.get("dmarc"))).startsWith(
                "result", "authorDomain", "policyDomain", "discovery", "requested", "disposition", "reason", "sampled");

        assertThat(all.get("spf").get("mailfrom").get("mechanism").asText()).isEqualTo("ip4:192.0.2.1");
        assertThat(all.get("senderId").get("result").asText()).isEqualTo("pass");
        assertThat(all.get("senderId").get("pra").asText()).isEqualTo("a@example.com");
        assertThat(all.get("iprev").get("name").isNull()).isTrue();
        assertThat(all.get("dmarc").get("sampled").isBoolean()).isTrue();
        assertThat(all.get("arc").get("instances").isInt()).isTrue();
        assertThat(all.get("arc").get("sealers").isArray()).isTrue();
    }

    @Test
    void areAllThereWhereNothingIsKnown() throws IOException {
        JsonNode all = verify("--sender-id", "--ip", "192.0.2.1", write("nobody", "DKIM-Signature: v=1\r\nFrom: a@x.test, b@y.test\r\n\r\n"));

        assertThat(names(all.get("dkim").get(0)))
                .startsWith("result", "domain", "selector", "identity", "algorithm", "reason");
        assertThat(all.get("dkim").get(0).get("domain").isNull()).isTrue();
        // The message is ill-formed: it has no purported responsible address.
        assertThat(names(all.get("senderId"))).startsWith("result", "pra", "domain");
        assertThat(all.get("senderId").get("pra").isNull()).isTrue();
        assertThat(names(all.get("dmarc"))).startsWith(
                "result", "authorDomain", "policyDomain", "discovery", "requested", "disposition", "reason", "sampled");
        assertThat(all.get("dmarc").get("policyDomain").isNull()).isTrue();
    }

    @Test
    void ofWhatIsNotAskedAreNotThere() throws IOException {
        assertThat(names(verify(signed))).containsExactly("file", "dkim", "arc", "dmarc", "auth", "tls", "authenticationResults");
        assertThat(names(verify("--ip", "192.0.2.1", signed))).contains("spf", "iprev").doesNotContain("senderId");
    }

    @Test
    void ofSpf() throws IOException {
        CommandLineRun run = CommandLineRun.of("spf", "--json", "--zone", zone, "--ip", "192.0.2.1", "--mail-from", "a@example.com");

        assertThat(names(JSON.readTree(run.out())))
                .containsExactly("result", "domain", "mechanism", "lookups", "explanation", "reason");
        assertThat(JSON.readTree(run.out()).get("explanation").isNull()).isTrue();
    }

    private JsonNode verify(String... arguments) throws IOException {
        String[] all = ImmutableList.<String>builder().add("verify", "--json", "--zone", zone).add(arguments).build().toArray(String[]::new);
        CommandLineRun run = CommandLineRun.of(all);
        assertThat(run.err()).isEmpty();
        return JSON.readTree(run.out());
    }

    private static ImmutableList<String> names(JsonNode object) {
        return ImmutableList.copyOf(object.fieldNames());
    }

    private String write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content, StandardCharsets.ISO_8859_1).toString();
    }
}
