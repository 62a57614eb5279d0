// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;

class MessageDraftTest {

    private static final byte[] FIELD = "X: y\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] MESSAGE = "From: a@example.com\r\n\r\nText.\r\n".getBytes(StandardCharsets.US_ASCII);

    /** What James says of a message's size may be wrong. */
    @ParameterizedTest
    @ValueSource(ints = {-30, -1, 0, 1, 1000})
    void holdsWhatItTakesWhateverSizeWasExpected(int more) throws Exception {
        MessageDraft draft = new MessageDraft(FIELD.length + MESSAGE.length + more);
        draft.writeBytes(FIELD);
        draft.takeAll(new ByteArrayInputStream(MESSAGE));

        MessageInMemory message = draft.toMessage("mail");

        assertThat(message.getInputStream()).hasContent(new String(FIELD, StandardCharsets.US_ASCII) + new String(MESSAGE, StandardCharsets.US_ASCII));
        assertThat(message.getMessageSize()).isEqualTo(FIELD.length + MESSAGE.length);
        assertThat(message.behind(FIELD).getInputStream().readAllBytes()).startsWith(FIELD).endsWith(MESSAGE).hasSize(2 * FIELD.length + MESSAGE.length);
    }
}
