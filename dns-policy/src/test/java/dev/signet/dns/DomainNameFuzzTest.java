// SPDX-License-Identifier: Apache-2.0
package dev.signet.dns;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.signet.fuzz.Corpus;
import dev.signet.fuzz.Expect;
import dev.signet.fuzz.Words;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;

class DomainNameFuzzTest {

    static Stream<byte[]> names() {
        return Corpus.of(DomainNameFuzzTest.class, "names", "x.test", "X.Test.", "b\u00c3\u00bccher.test", "xn--bcher-kva.test", "x\u00e3\u0080\u0082test", "a..b", "\u00c4\u00b0.test", "_dmarc.\\@.test", "1.2.3.4");
    }

    @Words({"xn--", ".", "\u00e3\u0080\u0082", "\u00c3\u00bc", "\u00c3\u009f", "\u00e2\u0080\u008d", "\u00c4\u00b0", ".test"})
    @MethodSource
    @FuzzTest
    void names(byte[] bytes) {
        Optional<DomainName> name = DomainName.parse(new String(bytes, StandardCharsets.UTF_8));
        name.ifPresent(found -> {
            Expect.presentable(found.ascii(), 253);
            Expect.that(!found.ascii().isEmpty() && found.ascii().chars().noneMatch(c -> c == ' ' || (c >= 'A' && c <= 'Z')), found::toString);
            Expect.that(!found.ascii().endsWith(".") && !found.ascii().startsWith("."), found::toString);
            assertThat(DomainName.parse(found.ascii())).as("one form").contains(found);
            assertThat(DomainName.parse(found.ascii() + ".")).contains(found);
            assertThat(Wire.domainNameOf(Wire.nameOf(found))).as("to the wire and back").contains(found);
            assertThat(String.join(".", found.labels())).isEqualTo(found.ascii());
            assertThat(found.isAtOrBelow(found.parent().orElseThrow())).isTrue();
        });
    }
}
