// SPDX-License-Identifier: Apache-2.0
package dev.signet.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

class HeaderBlockTest {

    private static final long SEED = 5322;

    @Test
    void keepsEveryByteOfItsFieldsInTheirOrder() {
        HeaderBlock header = parse("Subject: a\r\n b\r\nX :\t\u00E9 \r\nno colon\r\n:no name\r\nY:");

        assertThat(header.fields()).extracting(HeaderField::toString)
                .containsExactly("Subject: a\r\n b", "X :\t\u00E9 ", "no colon", ":no name", "Y:");
        assertThat(header.fields()).extracting(HeaderField::name).containsExactly("Subject", "X", "", "", "Y");
        assertThat(header.fields()).extracting(HeaderField::body)
                .containsExactly(" a\r\n b", "\t\u00E9 ", "no colon", "no name", "");
        assertThat(header.fields().getFirst().unfolded()).isEqualTo("a b");
        assertThat(header.fields().get(1).bytes()).isEqualTo(new byte[] {'X', ' ', ':', '\t', (byte) 0xE9, ' '});
    }

    @Test
    void takesABareCrOrLfForAByteOfTheField() {
        assertThat(parse("a: 1\rb: 2\nc: 3\n\rd: 4\r\n\re: 5").fields()).extracting(HeaderField::toString)
                .containsExactly("a: 1\rb: 2\nc: 3\n\rd: 4", "\re: 5");
    }

    @Test
    void findsFieldsWhateverTheirCase() {
        HeaderBlock header = parse("FROM: 1\r\nTo: 2\r\nfrom\t : 3\r\nFromm: 4\r\nFro: 5");

        assertThat(header.all("From")).extracting(HeaderField::unfolded).containsExactly("1", "3");
        assertThat(header.first("from")).map(HeaderField::unfolded).contains("1");
        assertThat(header.first("Date")).isEmpty();
        assertThat(header.all("")).isEmpty();
    }

    // RFC 6376 §5.4.2.
    @Test
    void selectsFromTheBottomUpAndNothingWhereThereIsNoMore() {
        HeaderBlock header = parse("a: 1\r\nb: 2\r\nA: 3\r\na: 4\r\nc: 5");

        assertThat(selected(header, List.of("a", "b", "A", "x", "c", "c", "a", "a", "b"))).containsExactly("4", "2", "3", "5", "1");
        assertThat(selected(header, List.of())).isEmpty();
    }

    @Test
    void selectsAsTheDefinitionSays() {
        Random random = new Random(SEED);
        for (int i = 0; i < 2_000; i++) {
            List<String> names = new ArrayList<>();
            StringBuilder text = new StringBuilder();
            for (int f = random.nextInt(30); f > 0; f--) {
                String name = name(random);
                names.add(name);
                text.append(name).append(": ").append(names.size()).append("\r\n");
            }
            List<String> wanted = new ArrayList<>();
            for (int w = random.nextInt(40); w > 0; w--) {
                wanted.add(name(random));
            }
            List<String> expected = new ArrayList<>();
            List<String> left = new ArrayList<>(names);
            for (String name : wanted) {
                for (int f = left.size() - 1; f >= 0; f--) {
                    if (left.get(f).equalsIgnoreCase(name)) {
                        expected.add(String.valueOf(f + 1));
                        left.set(f, "taken");
                        break;
                    }
                }
            }
            assertThat(selected(parse(text.toString()), wanted)).as("seed %d, header %d", SEED, i).isEqualTo(expected);
        }
    }

    @Test
    void saysWhichLimitWasExceeded() {
        assertThat(parse("a: b\r\n".repeat(10_000)).overLimit()).isEmpty();
        assertThat(parse("a: b\r\n".repeat(10_001)).overLimit()).contains("more than 10000 header fields");
        assertThat(parse("a: b\r\n".repeat(100_000)).fields()).hasSize(10_000);
        assertThatIllegalArgumentException().isThrownBy(() -> new MessageLimits(1023, 10)).withMessageContaining("maxHeaderBytes: found 1023");
        assertThatIllegalArgumentException().isThrownBy(() -> new MessageLimits(1024, 9)).withMessageContaining("maxFields: found 9");
    }

    @Test
    void isQuickWithManyFieldsOfOneManyOrCollidingNames() {
        StringBuilder many = new StringBuilder();
        StringBuilder colliding = new StringBuilder();
        List<String> wanted = new ArrayList<>(Collections.nCopies(10_000, "same"));
        for (int i = 0; i < 8_192; i++) {
            many.append("x").append(i).append(": y\r\n");
            wanted.add("x" + i);
            // "a~" and "b_" have the same hash, and so have all that are made of thirteen of them.
            for (int bit = 0; bit < 13; bit++) {
                colliding.append((i >> bit & 1) == 0 ? "a~" : "b_");
            }
            colliding.append(": y\r\n");
        }
        for (String header : List.of("same: y\r\n".repeat(10_000), many.toString(), colliding.toString(), "\r\n ".repeat(300_000), "\r".repeat(1 << 20))) {
            assertTimeout(Duration.ofSeconds(2), () -> parse(header).select(wanted));
        }
    }

    @Test
    void namesThatAreMadeToHaveOneHashHaveNot() {
        Set<Integer> hashes = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            StringBuilder name = new StringBuilder("x".repeat(70));
            for (int bit = 0; bit < 14; bit++) {
                name.append((i >> bit & 1) == 0 ? "\"n" : "$0");
            }
            assertThat(name.toString().hashCode()).isEqualTo(("x".repeat(70) + "\"n".repeat(14)).hashCode());
            hashes.add(HeaderField.hashOfName(name.toString()));
        }
        // By chance one in 86 JVMs has a pair of them.
        assertThat(hashes).hasSizeGreaterThan(9_990);
    }

    @Test
    void knowsNoLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.of("tr", "TR"));
            assertThat(parse("LIST-ID: x").all("list-id")).hasSize(1);
        } finally {
            Locale.setDefault(before);
        }
    }

    private static String name(Random random) {
        return List.of("a", "A", "b", "From", "FROM", "to", "x-y").get(random.nextInt(7));
    }

    private static List<String> selected(HeaderBlock header, List<String> names) {
        return header.select(names).stream().map(HeaderField::unfolded).toList();
    }

    private static HeaderBlock parse(String header) {
        byte[] bytes = header.getBytes(StandardCharsets.ISO_8859_1);
        return HeaderBlock.parse(bytes, bytes.length, MessageLimits.DEFAULT);
    }
}
