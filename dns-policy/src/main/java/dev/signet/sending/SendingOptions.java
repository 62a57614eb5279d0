// SPDX-License-Identifier: Apache-2.0
package dev.signet.sending;

import com.google.common.hash.Hashing;
import dev.signet.store.PolicyDay;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HexFormat;

/**
 * When and in whose name reports are sent.
 *
 * @param from the address of the From field; its domain is what DMARC looks at
 * @param bounces the envelope sender, to whose local part {@code +} and a word are added for each mail; none for the null sender
 * @param delay after the end of a day, in UTC, until the first report about it: mail of its last second may still be on its way to
 *     the store
 * @param window from then on, over which reports are spread
 * @param lease how long a node may be silent before others take over what it has
 * @param durableQueue whether what the queue accepted outlives its node
 * @param pace how long a mail that was put into the queue is waited for before the next; slow receivers are not
 * @param patience how long after the end of a day, or after somebody asked for it, is tried what did not work at once
 */
public record SendingOptions(
        String from,
        @Nullable String bounces,
        Duration delay,
        Duration window,
        Duration lease,
        boolean durableQueue,
        Duration pace,
        Duration patience) {

    /** When the first report about a day may leave. */
    Instant begin(LocalDate day) {
        return day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant().plus(delay);
    }

    /** When a report leaves: the same on all nodes, and at about the same time every day. */
    Instant sendAt(PolicyDay report) {
        int lot = Hashing.sha256().hashString(report.policy().domain().ascii(), StandardCharsets.UTF_8).asInt() & 0xFFFF;
        return begin(report.day()).plus(window.multipliedBy(lot).dividedBy(0x10000));
    }

    /** After this there is no more trying by itself. */
    Instant giveUpAt(LocalDate day) {
        return begin(day).plus(patience);
    }

    /** A word of 20 hexadecimal digits that nobody can guess. */
    public static String word(SecureRandom random) {
        byte[] octets = new byte[10];
        random.nextBytes(octets);
        return HexFormat.of().formatHex(octets);
    }

    /**
     * The envelope sender of one mail; null for the null sender.
     *
     * @param bounceToken a {@link #word} by which it is known if it comes back
     */
    public @Nullable String sender(String bounceToken) {
        if (bounces == null) {
            return null;
        }
        int at = bounces.lastIndexOf('@');
        return bounces.substring(0, at) + "+" + bounceToken + bounces.substring(at);
    }
}
