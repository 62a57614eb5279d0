// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.server.core.MimeMessageInputStreamSource;
import org.apache.james.server.core.MimeMessageSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

class PrefixedSourceTest {

    private static final byte[] PREFIX = "A: b\r\n".getBytes(StandardCharsets.US_ASCII);

    /** James keeps what is small in memory, and in a file what is not. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 10_000, 1_000_000})
    void isBothPartsByteForByteAsOftenAsItIsRead(int size) throws Exception {
        byte[] rest = "x".repeat(size).getBytes(StandardCharsets.US_ASCII);
        MimeMessageSource source = PrefixedSource.of(PREFIX, MimeMessageInputStreamSource.create("Mail1", new ByteArrayInputStream(rest)));
        try {
            for (int i = 0; i < 2; i++) {
                try (InputStream in = source.getInputStream()) {
                    assertThat(in.readNBytes(PREFIX.length)).isEqualTo(PREFIX);
                    assertThat(in.readAllBytes()).isEqualTo(rest);
                    assertThat(in.read()).isEqualTo(-1);
                }
            }
            assertThat(source.getMessageSize()).isEqualTo(PREFIX.length + size);
            assertThat(source.getSourceId()).isEqualTo("Mail1");
            assertThat(source instanceof MessageInMemory).as("in memory").isEqualTo(size < 100_000);
        } finally {
            LifecycleUtil.dispose(source);
        }
    }
}
