// SPDX-License-Identifier: Apache-2.0
package dev.signet.dns;

import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Cache;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.SetResponse;

/**
 * Somebody else's cache, such as James's own, into which no large replies are put: it counts names, and one message can make us ask
 * for dozens of records of 64 KB each.
 */
final class BorrowedCache extends Cache {

    private final Cache lender;

    BorrowedCache(Cache lender) {
        super(DClass.IN);
        this.lender = lender;
    }

    @Override
    public @Nullable SetResponse addMessage(Message message) {
        return SmallCache.isSmall(message) ? lender.addMessage(message) : null;
    }

    @Override
    public SetResponse lookupRecords(Name name, int type, int minCred) {
        return lender.lookupRecords(name, type, minCred);
    }
}
