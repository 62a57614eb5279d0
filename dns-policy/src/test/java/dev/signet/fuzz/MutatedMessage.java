// SPDX-License-Identifier: Apache-2.0
package dev.signet.fuzz;

import java.util.ArrayList;
import java.util.List;

/** A sound message, to which a fuzzer does what attackers and broken servers do: fields are its pieces, not bytes. */
public final class MutatedMessage {

    private static final List<String> WORDS = List.of(
            "(c)", "\"", "\\", "<", ">", "@", ",", ";", ":", "=", "(", ")", "\r\n ", "\r\n\t", "\r", "\n", "\0", " ", "\t", "=?utf-8?q?a=40b?=", "\u00c3\u00bc", "\u00ff",
            "; ", "; l=0", "; l=10", "; x=1", "; b=", "; bh=", "; d=forger.test", "; s=other", "; i=1", "; i=2", "; i=50", "; cv=none", "; cv=pass", "; cv=fail", "; h=from",
            "; h=", "; c=simple", "; c=relaxed/relaxed", "; a=rsa-sha1", "; q=dns/txt", "x@forger.test", "@forger.test", "joe@football.example.com", "football.example.com",
            "mx.example.net", "d=trusted.test", "d=list.test", "[list] ", "dkim=pass", "dmarc=pass", "0", "99999999999999999999");
    private static final List<String> NAMES = List.of(
            "From", "FROM", "from ", "Sender", "Resent-From", "Resent-Sender", "Subject", "To", "Date", "Received", "Received-SPF", "Authentication-Results", "DKIM-Signature",
            "ARC-Seal", "ARC-Message-Signature", "ARC-Authentication-Results", "List-Id", "", "X");

    // Spaces that are doubled again and again would fill the memory of who makes the message, not of who reads it.
    private static final int ENOUGH = 1 << 18;

    private final List<String> fields;
    private final StringBuilder body;

    /** A message as it was sent, one char per byte. Taken apart once, and changed as often as is wanted. */
    public record Original(String text, List<String> fields, String body) {

        public static Original of(String message) {
            int end = message.indexOf("\r\n\r\n");
            return new Original(message, List.of(message.substring(0, end).split("\r\n(?![ \t])")), message.substring(end + 4));
        }
    }

    private MutatedMessage(Original original) {
        this.fields = new ArrayList<>(original.fields());
        this.body = new StringBuilder(original.body());
    }

    /** Takes one of these messages, and does to it what was decided. One char per byte. */
    public static String of(List<Original> messages, byte[] decisions) {
        Choices choices = new Choices(decisions);
        MutatedMessage message = new MutatedMessage(choices.of(messages));
        while (choices.hasMore() && message.length() < ENOUGH) {
            message.mutate(choices);
        }
        return String.join("\r\n", message.fields) + "\r\n\r\n" + message.body;
    }

    private int length() {
        return body.length() + fields.stream().mapToInt(String::length).sum();
    }

    private void mutate(Choices choices) {
        int at = choices.below(fields.size());
        String field = fields.isEmpty() ? "" : fields.get(at);
        switch (choices.below(16)) {
            case 0 -> fields.add(choices.below(fields.size() + 1), field);
            case 1 -> remove(at);
            case 2 -> {
                remove(at);
                fields.add(choices.below(fields.size() + 1), field);
            }
            case 3 -> set(at, colon(field, choices.of(List.of(" :", "\t:", "", "::"))));
            case 4 -> set(at, insert(field, choices, choices.of(WORDS)));
            case 5 -> set(at, insert(field, choices, choices.text()));
            case 6 -> set(at, cut(field, choices));
            case 7 -> set(at, field.replace("\r\n", choices.of(List.of("\n", "\r", "", "\r\n ", "\n "))));
            case 8 -> set(at, field.replace(" ", choices.of(List.of("  ", "\t", "\r\n ", ""))));
            case 9 -> set(at, choices.of(NAMES) + field.substring(Math.max(0, field.indexOf(':'))));
            case 10 -> fields.add(choices.below(fields.size() + 1), choices.of(NAMES) + ": " + choices.of(WORDS) + choices.text());
            case 11 -> set(at, field.replace("i=1", "i=" + choices.below(60)));
            case 12 -> insert(choices, choices.of(WORDS));
            case 13 -> insert(choices, choices.text());
            case 14 -> body.setLength(choices.below(body.length() + 1));
            case 15 -> body.append(choices.of(List.of("\r\n", "\r\n\r\n", " \r\n", "\n", "\r", "more\r\n")));
            default -> throw new IllegalStateException();
        }
    }

    private static String colon(String field, String other) {
        int colon = field.indexOf(':');
        return colon < 0 ? field : field.substring(0, colon) + other + field.substring(colon + 1);
    }

    private void remove(int at) {
        if (!fields.isEmpty()) {
            fields.remove(at);
        }
    }

    private void set(int at, String field) {
        if (!fields.isEmpty()) {
            fields.set(at, field);
        }
    }

    private void insert(Choices choices, String text) {
        body.insert(choices.below(body.length() + 1), text);
    }

    private static String insert(String field, Choices choices, String text) {
        int at = choices.below(field.length() + 1);
        return field.substring(0, at) + text + field.substring(at);
    }

    private static String cut(String field, Choices choices) {
        int from = choices.below(field.length() + 1);
        int to = Math.min(field.length(), from + choices.below(16));
        return field.substring(0, from) + field.substring(to);
    }
}
