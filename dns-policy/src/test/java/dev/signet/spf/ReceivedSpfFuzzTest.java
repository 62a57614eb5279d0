// SPDX-License-Identifier: Apache-2.0
package dev.signet.spf;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.signet.dns.DomainName;
import dev.signet.fuzz.Corpus;
import dev.signet.fuzz.Expect;
import dev.signet.fuzz.Words;
import dev.signet.message.HeaderField;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Received-SPF as we write it, and as a stranger may. */
class ReceivedSpfFuzzTest {

    private static final String US = "mx.example.net";
    private static final List<SpfResult.State> STATES = List.of(SpfResult.State.values());
    // RFC 7208 §9.1: result, comment, and key-value pairs; values are dot-atoms or quoted strings.
    private static final Pattern FIELD = Pattern.compile(" [a-z]+ \\((?:[^()\\\\]|\\\\.)*\\)((?: [a-z-]+=(?:\"(?:[^\"\\\\]|\\\\.)*\"|[^\\s\";]+);?)*)");
    private static final Pattern PAIR = Pattern.compile(" ([a-z-]+)=(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^\\s\";]+))");
    private static final Pattern MENTION = Pattern.compile("receiver[ \t\r\n]*=[ \t\r\n]*\"?mx\\.example\\.net(?![a-z0-9.-])", Pattern.CASE_INSENSITIVE);

    static Stream<byte[]> written() {
        return Corpus.of(ReceivedSpfFuzzTest.class, "written", "a@x.test|h.test|mx:x.test|a reason", "\"a;b\\\" c\"@x.test|[192.0.2.1]|exists:%{l}|(", "|\"|\\|\\", "\r\nX: y@x|a\0b|\u00e9|)");
    }

    /** MAIL FROM, HELO, the mechanism that matched, and the reason. */
    @Words({"|", "\"", "\\", "(", ")", ";", "\r\n", "@x.test", "receiver=", "="})
    @MethodSource
    @FuzzTest
    void written(byte[] bytes) {
        String[] parts = (new String(bytes, StandardCharsets.ISO_8859_1) + "|||").split("\\|", 4);
        SpfRequest request = new SpfRequest(SpfWorld.ip(bytes.length % 2 == 0 ? "192.0.2.1" : "2001:db8::1"), parts[1], parts[0]);
        SpfResult.State state = STATES.get(bytes.length % STATES.size());
        SpfResult result = new SpfResult(
                state, SpfIdentity.MAIL_FROM, parts[0], DomainName.of("x.test"), parts[2], DomainName.of("x.test"), 1, null, parts[3],
                new SpfStep("x.test", state.word(), 0, List.of()));
        HeaderField field = ReceivedSpf.of(result, request, US);
        String unfolded = field.body().replace("\r\n", "");
        Expect.presentable(unfolded, 5000);
        Map<String, String> pairs = pairs(unfolded);
        assertThat(pairs).containsEntry("receiver", US)
                .containsEntry("identity", "mailfrom")
                .containsEntry("envelope-from", Printable.cut(parts[0], 255))
                .containsEntry("helo", Printable.cut(parts[1], 255))
                .containsEntry("mechanism", Printable.cut(parts[2], 255));
        assertThat(ReceivedSpf.claims(field, US)).isTrue();
    }

    private static Map<String, String> pairs(String body) {
        Matcher field = FIELD.matcher(body);
        assertThat(field.matches()).as(body).isTrue();
        Map<String, String> pairs = new LinkedHashMap<>();
        for (Matcher pair = PAIR.matcher(field.group(1)); pair.find(); ) {
            String value = pair.group(3) == null ? pair.group(2).replaceAll("\\\\(.)", "$1") : pair.group(3);
            Expect.that(pairs.put(pair.group(1), value) == null, () -> "twice: " + body);
        }
        return pairs;
    }

    static Stream<byte[]> read() {
        return Corpus.of(
                ReceivedSpfFuzzTest.class, "read", " pass (x.test: y) client-ip=192.0.2.1; receiver=x.test; identity=helo", " fail receiver=\"x.test\"; helo=\"receiver=mx.example.net\"",
                " none receiver = (c) x.test", " pass receiver=mx.example.net", " softfail (mx.example.net) receiver=x.test");
    }

    /** A field that is left in place says our name to nobody. */
    @Words({" receiver=", "receiver", "=", "mx.example.net", "x.test", "\"", "\\", "(", ")", ";", " pass ", "\r\n ", "=?utf-8?q?", "?="})
    @MethodSource
    @FuzzTest
    void read(byte[] bytes) {
        String body = new String(bytes, StandardCharsets.ISO_8859_1);
        HeaderField field = HeaderField.of(ReceivedSpf.NAME, body);
        Expect.that(ReceivedSpf.claims(field, US) || !MENTION.matcher(body).find(), field::toString);
    }
}
