// SPDX-License-Identifier: Apache-2.0
package dev.signet.dns;

import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Cache;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SetResponse;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A cache bounded in octets too: dnsjava's own counts names, and a name under a hostile domain can hold 64 KB. It is emptied when the
 * clock has been set back: dnsjava's entries end at a time of day, and would live on for as long as that is away again.
 */
final class SmallCache extends Cache {

    private static final int MAX_NAMES = 10_000;
    private static final int MAX_OCTETS = 4096;
    private static final int MAX_SECONDS = 24 * 3600;
    // RFC 2308 §5: "no such thing" is kept for one to three hours at most, whatever the SOA says.
    private static final int MAX_NEGATIVE_SECONDS = 3 * 3600;
    // A clock that is held to the right time is moved by less than this at once.
    private static final Duration STEP = Duration.ofSeconds(1);

    private final InstantSource clock;
    private final AtomicLong aheadMillis;

    SmallCache(InstantSource clock) {
        super(DClass.IN);
        this.clock = clock;
        this.aheadMillis = new AtomicLong(ahead());
        setMaxEntries(MAX_NAMES);
        setMaxCache(MAX_SECONDS);
        setMaxNCache(MAX_NEGATIVE_SECONDS);
    }

    @Override
    public @Nullable SetResponse addMessage(Message message) {
        return isSmall(message) ? super.addMessage(message) : null;
    }

    /** Whether a reply is worth keeping: that of an honest domain is. */
    static boolean isSmall(Message message) {
        int octets = 0;
        for (Record record : message.getSection(Section.ANSWER)) {
            octets += record.rdataToWireCanonical().length;
        }
        return octets <= MAX_OCTETS;
    }

    @Override
    public SetResponse lookupRecords(Name name, int type, int minCred) {
        long now = ahead();
        if (now < aheadMillis.getAndSet(now) - STEP.toMillis()) {
            clearCache();
        }
        return super.lookupRecords(name, type, minCred);
    }

    /** Of the clock over what measures time and is never set. */
    private long ahead() {
        return clock.millis() - System.nanoTime() / 1_000_000;
    }
}
