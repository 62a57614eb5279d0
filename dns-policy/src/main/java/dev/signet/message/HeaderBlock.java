// SPDX-License-Identifier: Apache-2.0
package dev.signet.message;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The header fields of one message, top to bottom, indexed by name. Immutable.
 */
public final class HeaderBlock {

    private static final int NONE = -1;

    private final List<HeaderField> fields;
    private final @Nullable String overLimit;

    // An open hash table from name to the bottommost field of that name, and from each field to the next one above it with
    // the same name: bottom-up selection costs one step a field, also where 10,000 fields share or do not share their names.
    private final int[] table;
    private final int[] above;

    private HeaderBlock(List<HeaderField> fields, @Nullable String overLimit) {
        this.fields = fields;
        this.overLimit = overLimit;
        this.above = new int[fields.size()];
        this.table = new int[Integer.highestOneBit(Math.max(4, fields.size()) * 4 - 1)];
        Arrays.fill(table, NONE);
        for (int i = 0; i < fields.size(); i++) {
            HeaderField field = fields.get(i);
            int slot = slot(field.nameHash());
            while (table[slot] != NONE && !fields.get(table[slot]).sameName(field)) {
                slot = (slot + 1) & (table.length - 1);
            }
            above[i] = table[slot];
            table[slot] = i;
        }
    }

    /**
     * Reads the bytes before a message's empty line. Lines end with CRLF and nothing else: a bare CR or LF is a byte of its
     * field, so that nobody's idea of line ends can move a field in or out of a signature.
     *
     * @param bytes not copied; must not change afterwards
     * @param length how many of them are the header block
     */
    public static HeaderBlock parse(byte[] bytes, int length, MessageLimits limits) {
        List<HeaderField> fields = new ArrayList<>(32);
        int start = 0;
        int i = 0;
        while (i < length) {
            int lineEnd = endOfLine(bytes, i, length);
            int next = Math.min(length, lineEnd + 2);
            boolean folded = next < length && HeaderField.isWsp(bytes[next]);
            if (!folded) {
                if (fields.size() == limits.maxFields()) {
                    return new HeaderBlock(fields, "more than " + limits.maxFields() + " header fields");
                }
                fields.add(new HeaderField(bytes, start, lineEnd));
                start = next;
            }
            i = next;
        }
        return new HeaderBlock(fields, null);
    }

    /** A header block of which nothing is known but that it is too large. */
    static HeaderBlock overLimit(String reason) {
        return new HeaderBlock(List.of(), reason);
    }

    /** All fields, top to bottom. */
    public List<HeaderField> fields() {
        return Collections.unmodifiableList(fields);
    }

    /** The fields of this name, top to bottom, whatever the case of ASCII letters. */
    public List<HeaderField> all(String name) {
        List<HeaderField> found = new ArrayList<>(4);
        for (int i = bottommost(name); i != NONE; i = above[i]) {
            found.add(fields.get(i));
        }
        return found.reversed();
    }

    /** The topmost field of this name. */
    public Optional<HeaderField> first(String name) {
        List<HeaderField> found = all(name);
        return found.isEmpty() ? Optional.empty() : Optional.of(found.getFirst());
    }

    /** What limit the message exceeds; empty for a header block that is whole. */
    public Optional<String> overLimit() {
        return Optional.ofNullable(overLimit);
    }

    /**
     * The fields that a list of names stands for, in the order of the list: each mention of a name takes the next field
     * further up, and none where there are no more (RFC 6376 §5.4.2).
     */
    public List<HeaderField> select(List<String> names) {
        List<HeaderField> selected = new ArrayList<>(names.size());
        // A mention continues where the last one of the same name stopped: a step a mention, not a walk.
        int[] position = new int[table.length];
        Arrays.fill(position, Integer.MIN_VALUE);
        for (String name : names) {
            int slot = find(name);
            if (table[slot] == NONE) {
                continue;
            }
            int index = position[slot] == Integer.MIN_VALUE ? table[slot] : position[slot];
            if (index != NONE) {
                selected.add(fields.get(index));
                position[slot] = above[index];
            }
        }
        return selected;
    }

    private int bottommost(String name) {
        return table[find(name)];
    }

    private int find(String name) {
        int slot = slot(HeaderField.hashOfName(name));
        while (table[slot] != NONE && !fields.get(table[slot]).nameIs(name)) {
            slot = (slot + 1) & (table.length - 1);
        }
        return slot;
    }

    private int slot(int hash) {
        int spread = hash * 0x9E3779B9;
        return (spread ^ (spread >>> 15)) & (table.length - 1);
    }

    private static int endOfLine(byte[] bytes, int from, int length) {
        for (int i = from; i + 1 < length; i++) {
            if (bytes[i] == '\r' && bytes[i + 1] == '\n') {
                return i;
            }
        }
        return length;
    }
}
