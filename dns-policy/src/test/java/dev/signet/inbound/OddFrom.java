// SPDX-License-Identifier: Apache-2.0
package dev.signet.inbound;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

/**
 * Header blocks with one victim's address where some reader shows it as the author's, dressed so that readers disagree, often
 * beside the forger's own address. One char per byte.
 */
final class OddFrom {

    static final String VICTIM = "victim.example";
    static final String FORGER = "forger.test";

    private static final List<String> SPACES = List.of(" ", "\t", "  ", "\r\n ", "\r\n\t", "(c)", "(a (nested) one)", "(\\))", "");
    private static final List<String> NAMES = List.of(
            "Ceo", "\"Ceo\"", "\"x@" + FORGER + "\"", "x@" + FORGER, "=?utf-8?q?x=40" + FORGER + "?=", "C. E. O", "(x@" + FORGER + ")",
            "=?utf-8?b?" + Base64.getEncoder().encodeToString(("<x@" + FORGER + ">").getBytes(StandardCharsets.US_ASCII)) + "?=",
            "\"unclosed", "a\0b", "caf\u00e9", "caf\u00c3\u00a9", "<x@" + FORGER + ">", "\\", "\u00ff\u00fe", "\"a\\\"b\"", "a: b");
    private static final List<String> TAILS = List.of(
            " (x@" + FORGER + ")", " (unclosed x@" + FORGER, " \"", "\\", ",", ", ,", ";", " <x@" + FORGER + ">", " x@" + FORGER,
            ", x@" + FORGER, "\0", "\r", "\n", " \u00ff", ">", " (", " )", "\r\n \r\n ");
    private static final List<String> FIELD_NAMES = List.of("From:", "FROM:", "from :", "fRoM\t:", "From:\r\n", "From: \t");
    private static final List<String> LINES = List.of(
            "From: x@" + FORGER + "\r\n", "Sender: x@" + FORGER + "\r\n", "Subject: y\rFrom: x@" + FORGER + "\r\n",
            "Subject: y\nFrom: x@" + FORGER + "\r\n", "From:\r\n", "From: x: ;\r\n", "X\r\n", ": \r\n", "From : x@" + FORGER + "\r\n");

    private final Random random;

    OddFrom(long seed) {
        this.random = new Random(seed);
    }

    String next() {
        String address = address();
        List<UnaryOperator<String>> dresses = List.of(
                text -> "<" + text + ">",
                text -> pick(NAMES) + pick(SPACES) + "<" + text + ">",
                text -> pick(NAMES) + pick(SPACES) + "<" + text,
                text -> "<<" + text + ">>",
                text -> "<@" + FORGER + ":" + text + ">",
                text -> "group: " + text + ";",
                text -> "group:" + text,
                text -> ": " + text + ";",
                text -> "x@" + FORGER + ", " + text,
                text -> "x@" + FORGER + " " + text,
                text -> "x@" + FORGER + "; " + text,
                text -> "(x@" + FORGER + ")" + text,
                text -> "," + text,
                text -> text + pick(TAILS),
                text -> pick(SPACES) + text + pick(SPACES));
        String body = address;
        for (int i = random.nextInt(4); i > 0; i--) {
            body = pick(dresses).apply(body);
        }
        String field = pick(FIELD_NAMES) + " " + body + "\r\n";
        return switch (random.nextInt(5)) {
            case 0 -> pick(LINES) + field;
            case 1 -> field + pick(LINES);
            case 2 -> "Subject: y" + (random.nextBoolean() ? "\r" : "\n") + field;
            default -> field;
        };
    }

    private String address() {
        String local = pick(List.of("ceo", "\"ceo\"", "\"c e o\"", "c.e.o", "ceo.", "\"x@" + FORGER + "\"", "=?utf-8?q?ceo?=", "\"a\\@b\"", "c\u00e9o"));
        String domain = pick(List.of(VICTIM, "VICTIM.EXAMPLE", "Victim.Example.", VICTIM + ".", "sub." + VICTIM, "a.b.c.d.e.f.g.h.i." + VICTIM));
        return random.nextInt(3) == 0 ? local + pick(SPACES) + "@" + pick(SPACES) + domain : local + "@" + domain;
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
