// SPDX-License-Identifier: Apache-2.0
package dev.signet.dns;

import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Cache;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SetResponse;

/** A cache bounded in octets too: dnsjava's own counts names, and a name under a hostile domain can hold 64 KB. */
final class SmallCache extends Cache {

    private static final int MAX_NAMES = 10_000;
    private static final int MAX_OCTETS = 4096;
    private static final int MAX_SECONDS = 24 * 3600;
    // RFC 2308 §5: "no such thing" is kept for one to three hours at most, whatever the SOA says.
    private static final int MAX_NEGATIVE_SECONDS = 3 * 3600;

    SmallCache() {
        super(DClass.IN);
        setMaxEntries(MAX_NAMES);
        setMaxCache(MAX_SECONDS);
        setMaxNCache(MAX_NEGATIVE_SECONDS);
    }

    @Override
    public @Nullable SetResponse addMessage(Message message) {
        int octets = 0;
        for (Record record : message.getSection(Section.ANSWER)) {
            octets += record.rdataToWireCanonical().length;
        }
        return octets > MAX_OCTETS ? null : super.addMessage(message);
    }
}
