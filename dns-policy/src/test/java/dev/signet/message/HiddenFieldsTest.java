// SPDX-License-Identifier: Apache-2.0
package dev.signet.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.util.List;

class HiddenFieldsTest {

    // R is a bare CR, L a bare LF, N a CRLF, V a vertical tab; found bodies are parted by slashes.
    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, value = {
        "a:1Rx:2|2", "a:1Lx:2|2", "a:1RX :2|2", "a:1RRx:2|2", "a:1LRx:2|2", "a:1N Rx:2|2", "a:1Rx:2Ry:3|2", "a:1Rx:2R 3|2R 3", "a:1Rx:2N 3|2N 3",
        "a:1Rx:2Rx:3Ly:4Lx:|2/3/", "x:1|-", "x:1Rx:2|2", "a:1R x:2|-", "a:1N x:2|-", "a:1Rxx:2|-", "a:1Rx|-", "a:1Rx 2|-", "a:1R|-", "Rx:2|2", "Vx:2|2", "xV:2|2", "Vx V :2|2", "a:1RVxV:2|2", "a:1R Vx:2|-", "xVx:2|-", "x :1|-",
        "xV:1Rx:2|1/2"})
    void areWhatReadersOfBareLineEndsSee(String field, String bodies) {
        List<String> expected = bodies.equals("-") ? List.of() : List.of(bytes(bodies).split("/", -1));

        assertThat(HiddenFields.find(parse(bytes(field)), "x")).isEqualTo(expected);
    }

    private static String bytes(String text) {
        return text.replace("N", "\r\n").replace('R', '\r').replace('L', '\n').replace('V', '\u000b');
    }

    private static HeaderField parse(String field) {
        byte[] bytes = field.getBytes(StandardCharsets.ISO_8859_1);
        return HeaderBlock.parse(bytes, bytes.length, MessageLimits.DEFAULT).fields().getFirst();
    }
}
