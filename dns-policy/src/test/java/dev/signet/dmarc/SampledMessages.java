// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import dev.signet.message.HeaderBlock;
import dev.signet.message.MessageLimits;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Draws lots for some messages, to be done in two JVMs. */
final class SampledMessages {

    static final int COUNT = 1000;

    private SampledMessages() {}

    public static void main(String[] args) {
        System.out.print(fates());
        System.out.flush();
    }

    /** One digit a message: 1 for those within pct=50. */
    static String fates() {
        DmarcRecord record = DmarcRecord.parse("v=DMARC1; p=reject; pct=50").orElseThrow();
        Sampler sampler = new Sampler(DmarcWorld.KEY, true, 100);
        StringBuilder fates = new StringBuilder(COUNT);
        for (int i = 0; i < COUNT; i++) {
            byte[] header = ("Received: try " + System.nanoTime() + "\r\nFrom: a@example.com\r\nSubject: caf\u00e9 " + i + "\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1);
            MessageFacts facts =
                    MessageFacts.of(HeaderBlock.parse(header, header.length, MessageLimits.DEFAULT), "b@example.com", Optional.empty());
            fates.append(sampler.isInSample(record, facts.fingerprint().get()) ? '1' : '0');
        }
        return fates.toString();
    }
}
