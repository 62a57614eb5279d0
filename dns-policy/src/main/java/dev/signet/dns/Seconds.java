// SPDX-License-Identifier: Apache-2.0
package dev.signet.dns;

import java.math.BigDecimal;
import java.time.Duration;

/** Durations as an administrator reads them in the cause of a failure. */
final class Seconds {

    private Seconds() {}

    /** Such as {@code "5 s"} or {@code "0.25 s"}, to the millisecond. */
    static String of(Duration duration) {
        return BigDecimal.valueOf(duration.toMillis(), 3).stripTrailingZeros().toPlainString() + " s";
    }
}
