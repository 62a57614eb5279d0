// SPDX-License-Identifier: Apache-2.0
package dev.signet.fuzz;

import java.util.function.Supplier;

/** Assertions that cost next to nothing where they hold: fuzzing asks them millions of times. */
public final class Expect {

    private Expect() {}

    /** Fails with {@code problem} unless it holds. */
    public static void that(boolean holds, Supplier<Object> problem) {
        if (!holds) {
            throw new AssertionError(problem.get());
        }
    }

    /** Text of ours that may go into a header, a log or an SMTP reply: printable ASCII, and not much of it. */
    public static void presentable(String text, int max) {
        that(text.length() <= max && isPrintable(text), () -> "not presentable: " + text);
    }

    private static boolean isPrintable(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) >= 0x7F) {
                return false;
            }
        }
        return true;
    }

    /** Neither control characters nor line ends, whatever else. */
    public static void withoutControls(String text) {
        that(text.chars().noneMatch(Character::isISOControl), () -> "with control characters: " + text);
    }
}
