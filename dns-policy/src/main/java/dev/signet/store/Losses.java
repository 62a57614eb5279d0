// SPDX-License-Identifier: Apache-2.0
package dev.signet.store;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Messages that were not recorded. The log has a line when it begins and one when it is over; for some minutes one can ask about it. */
final class Losses {

    private static final Logger LOGGER = LoggerFactory.getLogger(Losses.class);

    // Health checks come by every minute or so.
    private static final Duration RECENT = Duration.ofMinutes(5);

    private record Spell(long messages, Instant last, String why, boolean over) {}

    private final InstantSource clock;
    private final AtomicReference<@Nullable Spell> spell = new AtomicReference<>();

    Losses(InstantSource clock) {
        this.clock = clock;
    }

    void add(long messages, String why) {
        Instant now = clock.instant();
        Spell before = spell.getAndUpdate(known -> known == null || known.over()
                ? new Spell(messages, now, why, false)
                : new Spell(known.messages() + messages, now, why, false));
        if (before == null || before.over()) {
            LOGGER.error("Messages are not recorded for reports: {}", why);
        }
    }

    /** No more are lost. */
    void end() {
        Spell before = spell.getAndUpdate(known -> known == null ? null : new Spell(known.messages(), known.last(), known.why(), true));
        if (before != null && !before.over()) {
            LOGGER.info("Messages are recorded for reports again; {} were not", before.messages());
        }
    }

    /** What was lost within the last minutes, for people. */
    Optional<String> recent() {
        return Optional.ofNullable(spell.get())
                .filter(known -> clock.instant().isBefore(known.last().plus(RECENT)))
                .map(known -> "lost so far: " + known.messages() + ", the last one at " + known.last() + ": " + known.why());
    }
}
