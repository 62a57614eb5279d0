// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets.list;

import dev.signet.message.HeaderBlock;
import dev.signet.message.HeaderField;
import dev.signet.message.MessageLimits;
import dev.signet.message.MessageReader;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Messages as ISO-8859-1 strings, and edits applied to them as the mailet does it. */
final class Messages {

    private Messages() {}

    static HeaderBlock header(String message) {
        try {
            return MessageReader.open(new ByteArrayInputStream(bytes(message)), MessageLimits.DEFAULT).header();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static BodySource body(String message) {
        int end = endOfHeader(message);
        return () -> end < 0 ? Optional.empty() : Optional.of(new ByteArrayInputStream(bytes(message.substring(end))));
    }

    static String apply(MessageEdit edit, String message) throws IOException {
        StringBuilder header = new StringBuilder();
        edit.inFront().forEach(field -> header.append(field).append("\r\n"));
        for (HeaderField field : header(message).fields()) {
            if (!edit.removed().test(field)) {
                header.append(field).append("\r\n");
            }
        }
        int end = endOfHeader(message);
        if (end < 0) {
            return header.toString();
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        edit.body().copy(new ByteArrayInputStream(bytes(message.substring(end))), out);
        return header.append("\r\n").append(out.toString(StandardCharsets.ISO_8859_1)).toString();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static int endOfHeader(String message) {
        int empty = message.indexOf("\r\n\r\n");
        return empty < 0 ? -1 : empty + 4;
    }
}
