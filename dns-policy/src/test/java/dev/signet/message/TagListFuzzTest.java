// SPDX-License-Identifier: Apache-2.0
package dev.signet.message;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.signet.fuzz.Corpus;
import dev.signet.fuzz.Expect;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

class TagListFuzzTest {

    private record NameAndValue(String name, String value) {}

    static Stream<byte[]> tagLists() {
        return Corpus.of(TagListFuzzTest.class, "tagLists", "v=1; a=rsa-sha256;\r\n b = AA AA\r\n\tBB==; x_1=", "a=;b=;", "v=DKIM1;;p=");
    }

    @MethodSource
    @FuzzTest
    void tagLists(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        switch (TagList.parse(text)) {
            case TagList.Parse.Malformed(String reason) -> Expect.presentable(reason, 100);
            case TagList.Parse.Sound(TagList tags) -> {
                TagWriter writer = new TagWriter();
                for (TagList.Tag tag : tags.all()) {
                    String span = text.substring(tag.valueStart(), tag.valueEnd());
                    Expect.that(text.charAt(tag.valueStart() - 1) == '=' && span.contains(tag.value()) && !span.contains(";"), () -> tag);
                    Expect.that(tag.equals(tags.tag(tag.name())), () -> tag);
                    writer.tag(tag.name(), tag.value());
                }
                Expect.that(
                        TagList.parse(writer.toString()) instanceof TagList.Parse.Sound(TagList again) && values(again).equals(values(tags)),
                        writer::toString);
            }
        }
    }

    private static List<NameAndValue> values(TagList tags) {
        return tags.all().stream().map(tag -> new NameAndValue(tag.name(), tag.value())).toList();
    }
}
