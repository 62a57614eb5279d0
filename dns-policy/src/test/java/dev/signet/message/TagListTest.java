// SPDX-License-Identifier: Apache-2.0
package dev.signet.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

class TagListTest {

    @Test
    void readsTagsWithWhiteSpaceAroundAndInside() {
        TagList tags = sound("v=1; a = rsa-sha256 ;\r\n\tb=ab\r\n cd==; x_1=;z=a=b");

        assertThat(tags.all()).extracting(TagList.Tag::name).containsExactly("v", "a", "b", "x_1", "z");
        assertThat(tags.get("a")).isEqualTo("rsa-sha256");
        assertThat(tags.get("b")).isEqualTo("ab\r\n cd==");
        assertThat(tags.get("x_1")).isEmpty();
        assertThat(tags.get("z")).isEqualTo("a=b");
        assertThat(tags.get("A")).isNull();
    }

    @Test
    void base64MayBeFoldedAnywhere() {
        TagList.Tag folded = sound("a=1; b=\taGV\r\n\t sbG8= ; c=x").tag("b");
        assertThat(folded.base64()).asString(StandardCharsets.US_ASCII).isEqualTo("hello");
        assertThat(folded.beginning(4)).isEqualTo("aGVs");
        assertThat(folded.beginning(40)).isEqualTo("aGVsbG8=");
    }

    @ParameterizedTest
    @ValueSource(strings = {"aGVsbG8*", "aGVsbG8\u0141", "aGVsbG8\u00c1", "a"})
    void whatIsNoBase64IsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> sound("b=" + text).tag("b").base64());
    }

    @Test
    void tellsWhereAValueStands() {
        String text = " v=1; b = x y ; c=2";

        assertThat(sound(text).tag("b")).satisfies(tag -> assertThat(text.substring(tag.valueStart(), tag.valueEnd())).isEqualTo(" x y "));
        assertThat(sound(text).tag("c")).satisfies(tag -> assertThat(tag.valueEnd()).isEqualTo(text.length()));
    }

    @Test
    void allowsASemicolonAtTheEnd() {
        assertThat(sound("a=1;").all()).hasSize(1);
        assertThat(sound("a=1; \r\n ").all()).hasSize(1);
    }

    // RFC 6376 §3.2.
    @ParameterizedTest
    @ValueSource(strings = {
        "", " ", ";", ";a=1", "a=1;;", "a=1;;b=2", "a", "a=1;b", "=1", "a=1;=2", "1a=1", "a-b=1", "a b=1", "\u00E9=1", "a=1;a=2", "a=1;a=1",
        "_a=1"})
    void refusesWhatIsNoTagList(String text) {
        assertThat(TagList.parse(text)).isInstanceOf(TagList.Parse.Malformed.class);
    }

    @Test
    void distinguishesTheCaseOfNames() {
        assertThat(sound("a=1;A=2").get("A")).isEqualTo("2");
    }

    @Test
    void givesNoControlCharacterInAReason() {
        assertThat(TagList.parse("a\r\nX: y\0" + "z".repeat(1000))).isInstanceOfSatisfying(TagList.Parse.Malformed.class, malformed ->
                assertThat(malformed.reason()).matches("[ -~]{1,100}"));
    }

    @Test
    void refusesMoreTagsThanAnyoneHas() {
        StringBuilder tags = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            tags.append('t').append(i).append("=;");
        }
        assertThat(sound(tags.toString()).all()).hasSize(100);
        assertThat(TagList.parse(tags + "u=1")).isEqualTo(new TagList.Parse.Malformed("more than 100 tags"));
    }

    @Test
    void isLinearInTheLengthOfTheText() {
        StringBuilder tags = new StringBuilder("v=1;");
        for (int i = 0; i < 100_000; i++) {
            tags.append('t').append(i).append("=;");
        }
        assertTimeout(Duration.ofSeconds(1), () -> TagList.parse(tags.toString()));
        assertTimeout(Duration.ofSeconds(1), () -> TagList.parse("a=" + " ".repeat(1 << 20)));
        assertTimeout(Duration.ofSeconds(1), () -> TagList.parse("a" + " ".repeat(1 << 20) + "=1"));
        assertTimeout(Duration.ofSeconds(1), () -> TagList.parse(";".repeat(1 << 20)));
    }

    private static TagList sound(String text) {
        return switch (TagList.parse(text)) {
            case TagList.Parse.Sound(TagList tags) -> tags;
            case TagList.Parse.Malformed(String reason) -> throw new AssertionError(reason);
        };
    }

    @Test
    void aReasonIsShortHoweverLongANameIs() {
        String tag = "v".repeat(5_000) + "=1";
        assertThat(TagList.parse(tag + ";" + tag)).isInstanceOfSatisfying(TagList.Parse.Malformed.class, malformed ->
                assertThat(malformed.reason()).isEqualTo("the tag " + "v".repeat(40) + "= occurs twice"));
    }
}
