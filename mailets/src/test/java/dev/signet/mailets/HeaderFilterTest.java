// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

class HeaderFilterTest {

    @ParameterizedTest
    @ValueSource(strings = {
        "",
        "\r\n",
        "A: b",
        "A: b\r\n",
        "A: b\r\n\r\n",
        "A: b\r\n c\r\n\td\r\n\r\nbody\r\n\r\n",
        "A: b\nC: d\rE: f\r\r\n\r\nbody",
        " begins with a space\r\nA: b\r\n\r\n",
        "\r\nGone: in the body\r\n",
        "A: b\r\n \r\nC: d\r\n\r\n"
    })
    void copiesEveryByteOfWhatItKeeps(String message) throws IOException {
        assertThat(filtered(message, 100)).isEqualTo(message);
    }

    @Test
    void leavesOutWholeFieldsWithTheirFolding() throws IOException {
        assertThat(filtered("Gone: a\r\n b\r\n\tc\r\nA: b\r\nGONE:\r\nGone: x\r\n\r\nGone: body\r\n", 100))
                .isEqualTo("A: b\r\n\r\nGone: body\r\n");
    }

    @Test
    void leavesOutTheLastFieldOfAHeaderWithoutAnEnd() throws IOException {
        assertThat(filtered("A: b\r\nGone: x", 100)).isEqualTo("A: b\r\n");
    }

    @Test
    void leavesOutFieldsThatAreTooLongToLookAt() throws IOException {
        String endless = "X: " + "y".repeat(50) + "\r\n z".repeat(50) + "\r\n";

        assertThat(filtered("A: b\r\n" + endless + "C: d\r\n\r\nbody", 100)).isEqualTo("A: b\r\nC: d\r\n\r\nbody");
    }

    @Test
    void fieldsMayEndAnywhereInWhatIsReadAtOnce() throws IOException {
        for (int length = 8150; length < 8210; length++) {
            String kept = "A: " + "y".repeat(length) + "\r\n";
            String rest = "C: d\r\n e\r\n\r\nGone: body\r\n";

            assertThat(filtered(kept + "Gone: a\r\n b\r\n" + rest, 10_000)).isEqualTo(kept + rest);
        }
    }

    private static String filtered(String message, int maxField) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new HeaderFilter(field -> field.nameIs("Gone"), maxField).copy(MailWorld.in(message), out);
        return out.toString(StandardCharsets.ISO_8859_1);
    }
}
