// SPDX-License-Identifier: Apache-2.0
package dev.signet.arc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Does to the ARC fields of a message what nobody should. */
final class ArcFields {

    static final String RESULTS = "ARC-Authentication-Results";
    static final String MESSAGE = "ARC-Message-Signature";
    static final String SEAL = "ARC-Seal";

    private ArcFields() {}

    /** Changes the one field of this name and instance; an empty result takes it out. */
    static String change(String message, String name, int instance, UnaryOperator<String> change) {
        List<String> fields = new ArrayList<>(fields(message));
        int at = index(fields, name, instance);
        String changed = change.apply(fields.get(at));
        if (changed.equals(fields.get(at))) {
            throw new IllegalArgumentException("nothing to change in " + changed);
        }
        fields.set(at, changed);
        fields.removeIf(String::isEmpty);
        return String.join("\r\n", fields) + body(message);
    }

    static String remove(String message, String name, int instance) {
        return change(message, name, instance, field -> "");
    }

    /** The text of one field. */
    static String field(String message, String name, int instance) {
        List<String> fields = fields(message);
        return fields.get(index(fields, name, instance));
    }

    /** The same fields in another order. */
    static String shuffle(String message, Random random) {
        List<String> fields = new ArrayList<>(fields(message));
        Collections.shuffle(fields, random);
        return String.join("\r\n", fields) + body(message);
    }

    private static int index(List<String> fields, String name, int instance) {
        Pattern wanted = Pattern.compile("^" + name + ":(.*[;\\s])?i=" + instance + ";.*", Pattern.DOTALL);
        for (int i = 0; i < fields.size(); i++) {
            if (wanted.matcher(fields.get(i)).matches()) {
                return i;
            }
        }
        throw new IllegalArgumentException("no " + name + " of instance " + instance);
    }

    private static List<String> fields(String message) {
        return Arrays.asList(message.substring(0, message.indexOf("\r\n\r\n")).split("\r\n(?![ \t])"));
    }

    private static String body(String message) {
        return message.substring(message.indexOf("\r\n\r\n"));
    }
}
