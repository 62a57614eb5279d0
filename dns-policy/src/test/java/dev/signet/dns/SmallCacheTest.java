// SPDX-License-Identifier: Apache-2.0
package dev.signet.dns;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Credibility;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

class SmallCacheTest {

    private static final int TTL = 3600;

    private Duration wrong = Duration.ZERO;
    private final SmallCache cache = new SmallCache(() -> Instant.now().plus(wrong));
    private Name name;

    @BeforeEach
    void fill() throws IOException {
        name = Name.fromString("example.com.");
        Message message = Message.newQuery(Record.newRecord(name, Type.TXT, DClass.IN));
        message.getHeader().setFlag(Flags.QR);
        message.addRecord(new TXTRecord(name, DClass.IN, TTL, "v=spf1 -all"), Section.ANSWER);
        cache.addMessage(message);
    }

    private boolean knows() {
        return cache.lookupRecords(name, Type.TXT, Credibility.NORMAL).isSuccessful();
    }

    @Test
    void remembers() {
        assertThat(knows()).isTrue();
        wrong = Duration.ofHours(1);
        assertThat(knows()).as("set forward, and dnsjava sees to what ends").isTrue();
    }

    @Test
    void forgetsWhenTheClockIsSetBackSinceNothingWouldEndInTime() {
        wrong = Duration.ofHours(-1);
        assertThat(knows()).isFalse();
    }

    @Test
    void remembersThoughTheClockIsPutRightByALittle() {
        for (int i = 0; i < 100; i++) {
            wrong = wrong.minusMillis(20);
            assertThat(knows()).isTrue();
        }
    }
}
