// SPDX-License-Identifier: Apache-2.0
package dev.signet.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;

class HeaderCanonicalizerTest {

    // RFC 6376 §3.4.5.
    private static final String EXAMPLE = "A: X\r\nB : Y\t\r\n\tZ  \r\n";

    @Test
    void givesTheHeadersOfTheExamplesInTheRfc() {
        assertThat(canonical(Canonicalization.RELAXED, EXAMPLE)).isEqualTo("a:X\r\nb:Y Z\r\n");
        assertThat(canonical(Canonicalization.SIMPLE, EXAMPLE)).isEqualTo(EXAMPLE);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, value = {
        "SUBJect:abc|subject:abc", "SUBJect \t :  abc|subject:abc", "a:|a:", "a:   |a:", "a: b c  |a:b c", "a:b  c|a:b c", "a: b:c : d|a:b:c : d",
        "a:b~ c|a:b c", "a:~ b|a:b", "a:b~ ~ c|a:b c", "a:b~ |a:b", "no colon|no colon", "a:\u00E9  \u00A0|a:\u00E9 \u00A0"})
    void relaxesNamesFoldingAndWhiteSpace(String field, String relaxed) {
        String text = field.replace("~", "\r\n");

        assertThat(canonical(Canonicalization.RELAXED, text + "\r\n")).isEqualTo(relaxed + "\r\n");
        assertThat(canonical(Canonicalization.SIMPLE, text + "\r\n")).isEqualTo(text + "\r\n");
    }

    @Test
    void keepsABareCrOrLf() {
        assertThat(canonical(Canonicalization.RELAXED, "a: b\rc\nd \r e\r\n")).isEqualTo("a:b\rc\nd \r e\r\n");
    }

    // RFC 6376 §3.7: the value of b= goes, and nothing else; b= inside another tag's value stays.
    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, value = {
        "S: a=1; b=xyz|S: a=1; b=|s:a=1; b=",
        "S: a=1; b = x~ y; c=2|S: a=1; b =; c=2|s:a=1; b =; c=2",
        "S: z=b=q; b=x; bh=b=|S: z=b=q; b=; bh=b=|s:z=b=q; b=; bh=b=",
        "S: b=; a=1|S: b=; a=1|s:b=; a=1",
        "S: a=1; b=|S: a=1; b=|s:a=1; b=",
        "S: a=1; b=x;|S: a=1; b=;|s:a=1; b=;",
        "S: a=1|S: a=1|s:a=1"})
    void takesTheSignatureOutOfItsOwnField(String text, String simple, String relaxed) {
        HeaderField field = parse(text.replace("~", "\r\n")).fields().getFirst();
        TagList tags = switch (TagList.parse(field.body())) {
            case TagList.Parse.Sound(TagList sound) -> sound;
            case TagList.Parse.Malformed(String reason) -> throw new AssertionError(reason);
        };

        assertThat(written(new HeaderCanonicalizer(Canonicalization.SIMPLE, 0).addSignature(field, tags))).isEqualTo(simple);
        assertThat(written(new HeaderCanonicalizer(Canonicalization.RELAXED, 0).addSignature(field, tags))).isEqualTo(relaxed);
    }

    @Test
    void severalSignaturesMayCoverTheSameBeginning() {
        HeaderCanonicalizer canonicalizer = new HeaderCanonicalizer(Canonicalization.RELAXED, 0).add(parse("A: 1").fields().getFirst());
        int beginning = canonicalizer.size();
        canonicalizer.add(parse("B: 2").fields().getFirst());
        assertThat(written(canonicalizer)).isEqualTo("a:1\r\nb:2\r\n");
        canonicalizer.truncate(beginning);
        assertThat(written(canonicalizer)).isEqualTo("a:1\r\n");
        assertThat(written(canonicalizer.add(parse("C: 3").fields().getFirst()))).isEqualTo("a:1\r\nc:3\r\n");
        assertThatIllegalArgumentException().isThrownBy(() -> canonicalizer.truncate(canonicalizer.size() + 1));
        assertThatIllegalArgumentException().isThrownBy(() -> canonicalizer.truncate(-1));
    }

    private static String canonical(Canonicalization form, String header) {
        HeaderCanonicalizer canonicalizer = new HeaderCanonicalizer(form, 0);
        parse(header).fields().forEach(canonicalizer::add);
        return written(canonicalizer);
    }

    private static String written(HeaderCanonicalizer canonicalizer) {
        StringBuilder out = new StringBuilder();
        canonicalizer.writeTo((bytes, offset, length) -> out.append(new String(bytes, offset, length, StandardCharsets.ISO_8859_1)));
        return out.toString();
    }

    private static HeaderBlock parse(String header) {
        byte[] bytes = header.getBytes(StandardCharsets.ISO_8859_1);
        return HeaderBlock.parse(bytes, bytes.length, MessageLimits.DEFAULT);
    }
}
