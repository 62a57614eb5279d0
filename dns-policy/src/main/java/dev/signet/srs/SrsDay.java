// SPDX-License-Identifier: Apache-2.0
package dev.signet.srs;

import java.time.Instant;
import java.util.Locale;
import java.util.OptionalInt;

/** A day in two characters of Base32 (RFC 4648 §6), counted from 1970 and modulo 1024: Mail::SRS, timestamp_create. */
record SrsDay(int number) {

    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int CYCLE = 1024;
    private static final int SECONDS = 86_400;

    static SrsDay of(Instant instant) {
        return new SrsDay(Math.floorMod(Math.floorDiv(instant.getEpochSecond(), SECONDS), CYCLE));
    }

    /** How many days ago a timestamp was, -1 for tomorrow to 1022; empty for what is none. */
    OptionalInt since(String timestamp) {
        String text = timestamp.toUpperCase(Locale.ROOT);
        if (text.length() != 2) {
            return OptionalInt.empty();
        }
        int high = BASE32.indexOf(text.charAt(0));
        int low = BASE32.indexOf(text.charAt(1));
        return high < 0 || low < 0 ? OptionalInt.empty() : OptionalInt.of(Math.floorMod(number - (high * 32 + low) + 1, CYCLE) - 1);
    }

    @Override
    public String toString() {
        return "" + BASE32.charAt(number / 32) + BASE32.charAt(number % 32);
    }
}
