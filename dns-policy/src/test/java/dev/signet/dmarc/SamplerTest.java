// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.signet.testing.ChildJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;

class SamplerTest {

    private static final int MESSAGES = 100_000;

    private final Sampler sampler = new Sampler(DmarcWorld.KEY, true, 100);

    @ParameterizedTest
    @ValueSource(ints = {0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100})
    void eachPctGetsItsShareWithinHalfAPoint(int pct) {
        DmarcRecord record = record("pct=" + pct);

        long inSample = messages().filter(i -> sampler.isInSample(record, message(i))).count();

        assertThat(inSample * 100.0 / MESSAGES).isCloseTo(pct, within(pct == 0 || pct == 100 ? 0.0 : 0.5));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 30, 99, 100})
    void theReceiversOwnShareIsKeptToo(int enforce) {
        Sampler own = new Sampler(DmarcWorld.KEY, true, enforce);

        long enforced = messages().filter(i -> own.isRolledOut(message(i))).count();

        assertThat(enforced * 100.0 / MESSAGES).isCloseTo(enforce, within(enforce == 0 || enforce == 100 ? 0.0 : 0.5));
    }

    @Test
    void theSameMessageGetsTheSameFateAThousandTimes() {
        // mox draws a random number at each try: rejected today, delivered with the retry.
        DmarcRecord record = record("pct=50");
        for (int i = 0; i < 20; i++) {
            Set<Boolean> fates = new HashSet<>();
            for (int retry = 0; retry < 1000; retry++) {
                fates.add(new Sampler(DmarcWorld.KEY.clone(), true, 100).isInSample(record, message(i)));
            }
            assertThat(fates).hasSize(1);
        }
    }

    @Test
    void theDrawIsTheSameInEveryJvm() {
        // HMAC-SHA-256 as another implementation computes it: a node that draws otherwise would disagree with its neighbours.
        DmarcRecord record = record("pct=50");

        String fates = IntStream.range(0, 32).mapToObj(i -> sampler.isInSample(record, message(i)) ? "1" : "0").reduce("", String::concat);

        assertThat(fates).isEqualTo("00010001001001011111111101110101");
    }

    @Test
    void aMessageMeetsTheSameFateInASecondJvm() throws Exception {
        String here = SampledMessages.fates();
        assertThat(here).hasSize(SampledMessages.COUNT).contains("0").contains("1");

        String there = ChildJvm.run(System.getProperty("java.class.path"), SampledMessages.class);

        assertThat(there).isEqualTo(here);
    }

    @Test
    void whatIsInASmallSampleIsInALargerOneToo() {
        for (int i = 0; i < 1000; i++) {
            if (sampler.isInSample(record("pct=20"), message(i))) {
                assertThat(sampler.isInSample(record("pct=60"), message(i))).isTrue();
            }
        }
    }

    @Test
    void anotherKeyDrawsOtherMessages() {
        Sampler other = new Sampler("another key of 24 bytes.".getBytes(StandardCharsets.US_ASCII), true, 100);
        DmarcRecord record = record("pct=50");

        long same = messages().filter(i -> sampler.isInSample(record, message(i)) == other.isInSample(record, message(i))).count();

        assertThat(same * 100.0 / MESSAGES).isCloseTo(50, within(1.0));
    }

    @Test
    void pctAndTheReceiversShareAreDrawnApart() {
        Sampler half = new Sampler(DmarcWorld.KEY, true, 50);
        DmarcRecord record = record("pct=50");

        long both = messages().filter(i -> half.isInSample(record, message(i)) && half.isRolledOut(message(i))).count();

        assertThat(both * 100.0 / MESSAGES).isCloseTo(25, within(0.5));
    }

    @Test
    void ignoredPctPutsEveryMessageInTheSample() {
        Sampler letterOfRfc9989 = new Sampler(DmarcWorld.KEY, false, 100);

        assertThat(messages().limit(1000).allMatch(i -> letterOfRfc9989.isInSample(record("pct=0"), message(i)))).isTrue();
    }

    @Test
    void refusesAShortKeyAndAShareThatIsNone() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Sampler(new byte[15], true, 100)).withMessageContaining("16");
        assertThatIllegalArgumentException().isThrownBy(() -> new Sampler(new byte[16], true, 101)).withMessageContaining("0 to 100");
        assertThatIllegalArgumentException().isThrownBy(() -> new Sampler(new byte[16], true, -1)).withMessageContaining("0 to 100");
    }

    private static IntStream messages() {
        return IntStream.range(0, MESSAGES).parallel();
    }

    private static MessageFingerprint message(int number) {
        return new MessageFingerprint("message " + number);
    }

    private static DmarcRecord record(String tags) {
        return DmarcRecord.parse("v=DMARC1; p=reject; " + tags).orElseThrow();
    }
}
