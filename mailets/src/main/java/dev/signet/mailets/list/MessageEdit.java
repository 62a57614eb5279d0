// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets.list;

import dev.signet.message.HeaderField;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * One change of a message. Every byte that it does not name stays as it is.
 *
 * @param inFront new fields, for the top of the header
 * @param removed the fields that go
 * @param body what becomes of the body
 */
public record MessageEdit(List<HeaderField> inFront, Predicate<HeaderField> removed, Copy body) {

    /** Changes nothing. */
    public static final MessageEdit NONE = new MessageEdit(List.of(), field -> false, InputStream::transferTo);

    /** Writes bytes anew. */
    @FunctionalInterface
    public interface Copy {
        /** Reads the old ones to their end; closes nothing. */
        void copy(InputStream from, OutputStream to) throws IOException;
    }

    public MessageEdit {
        inFront = List.copyOf(inFront);
    }

    /** A change of the header alone. */
    static MessageEdit ofHeader(List<HeaderField> inFront, Predicate<HeaderField> removed) {
        return new MessageEdit(inFront, removed, NONE.body);
    }

    /** This one and then one that changes the body; this one must not. */
    public MessageEdit and(MessageEdit next) {
        return new MessageEdit(
                Stream.concat(inFront.stream(), next.inFront.stream()).toList(), removed.or(next.removed), next.body);
    }
}
