// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.Bytes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;

class MessageDraftTest {

    private static final byte[] FIELD = "X: y\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] MESSAGE = "From: a@example.com\r\n\r\nText.\r\n".getBytes(StandardCharsets.US_ASCII);

    /** What James says of a message's size may be wrong. */
    @ParameterizedTest
    @ValueSource(ints = {-1000, -1, 0, 1, 1000})
    void holdsWhatItTakesWhateverSizeWasExpected(int more) throws Exception {
        MessageDraft draft = new MessageDraft(FIELD, Math.max(0, MESSAGE.length + more));
        draft.takeAll(new ByteArrayInputStream(MESSAGE));

        MessageInMemory message = draft.toMessage("mail");

        assertThat(message.getInputStream().readAllBytes()).isEqualTo(Bytes.concat(FIELD, MESSAGE));
        assertThat(message.getMessageSize()).isEqualTo(FIELD.length + MESSAGE.length);
        assertThat(message.behind(FIELD).getInputStream().readAllBytes()).isEqualTo(Bytes.concat(FIELD, FIELD, MESSAGE));
    }
}
