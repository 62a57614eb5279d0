// SPDX-License-Identifier: Apache-2.0
package dev.signet.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Collections;
import java.util.List;

class TagWriterTest {

    @Test
    void whatIsWrittenIsReadBack() {
        byte[] bytes = new byte[256];
        List<String> names = Collections.nCopies(30, "List-Unsubscribe-Post");
        String body = new TagWriter().tag("a", "rsa-sha256").line().base64("b", bytes).line().names("h", names).tag("t", 12345).toString();
        TagList tags = ((TagList.Parse.Sound) TagList.parse(body)).tags();
        assertThat(tags.get("a")).isEqualTo("rsa-sha256");
        assertThat(tags.tag("b").base64()).isEqualTo(bytes);
        assertThat(tags.get("h").replaceAll("\\s", "")).isEqualTo(String.join(":", names));
        assertThat(tags.get("t")).isEqualTo("12345");
        assertThat(body.split("\r\n", -1)).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(78).isNotBlank());
        assertThat(body.split("\r\n", -1)[0]).isEqualTo(" a=rsa-sha256;");
    }

    @Test
    void aTagThatHasNoRoomBeginsALine() {
        String domain = "d".repeat(55) + ".example";
        assertThat(new TagWriter().tag("c", "relaxed/relaxed").tag("d", domain).tag("s", "x")).hasToString(
                " c=relaxed/relaxed;\r\n d=" + domain + "; s=x");
    }

    @Test
    void noBytesLeaveTheValueEmptyWithoutMovingWhatFollows() {
        String unsigned = new TagWriter().tag("a", 1).line().base64("b", new byte[0]).line().tag("c", 2).tag("d", 3).toString();
        String signed = new TagWriter().tag("a", 1).line().base64("b", new byte[64]).line().tag("c", 2).tag("d", 3).toString();
        assertThat(unsigned).isEqualTo(" a=1;\r\n b=;\r\n c=2; d=3");
        assertThat(signed.replaceFirst("(?s)b=.*?;", "b=;")).isEqualTo(unsigned);
    }
}
