// SPDX-License-Identifier: Apache-2.0
package dev.signet.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.dns.Dns;
import dev.signet.dns.DnsAnswer;
import dev.signet.dns.DomainName;
import dev.signet.dns.RecordType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CompletableFuture;

// Measures the heap of this JVM, which is to be its own.
@Isolated
class PublishedKeysTest {

    private static final String KEY = KeyRecord.of(
                    new KeyGenerator(new SecureRandom()).ed25519().key(), "s", DomainName.of("example.com"))
            .value();

    /** Whatever is asked for has a record of its own, of this size. */
    private record Generated(String before, String after, int size) implements Dns {

        @Override
        @SuppressWarnings("unchecked") // Nothing but TXT is asked for.
        public <T> CompletableFuture<DnsAnswer<T>> lookup(DomainName name, RecordType<T> type) {
            String record = before + name + ";" + after;
            T padded = (T) (record + " ".repeat(size - record.length()));
            return CompletableFuture.completedFuture(new DnsAnswer.Found<>(List.of(padded)));
        }
    }

    @Test
    void strangersRecordsTakeLittleMemoryHoweverLargeTheyAre() {
        PublishedKeys keys = new PublishedKeys();
        long before = usedHeap();

        ask(keys, new Generated("v=DKIM1; n=", "", 64_000), KeyAnswer.NotChecked.class);
        ask(keys, new Generated("v=DKIM1; n=", "", 8_000), KeyAnswer.Unusable.class);
        ask(keys, new Generated("v=DKIM1; n=", KEY.substring("v=DKIM1;".length()), 8_000), KeyAnswer.Usable.class);

        // 2,000 of each are 160 MB.
        assertThat(usedHeap() - before).isLessThan(10L << 20);
        assertThat(keys.at(DomainName.of("s.example.com"), new Generated(KEY + "; n=", "", 200)).join()).isInstanceOf(KeyAnswer.Usable.class);
    }

    private static void ask(PublishedKeys keys, Dns dns, Class<? extends KeyAnswer> expected) {
        for (int i = 0; i < 2_000; i++) {
            assertThat(keys.at(DomainName.of("s" + i + ".example.com"), dns).join()).isInstanceOf(expected);
        }
    }

    /** After as many collections as it takes to free no more. */
    private static long usedHeap() {
        long least = Long.MAX_VALUE;
        for (int same = 0; same < 3; ) {
            System.gc();
            long used = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
            same = used < least ? 0 : same + 1;
            least = Math.min(least, used);
        }
        return least;
    }
}
