// SPDX-License-Identifier: Apache-2.0
package dev.signet.dns;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;

import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What the texts of TXT records were parsed to, kept by the text itself: much mail has few senders. How long a record lives is the DNS
 * cache's business, not ours. Safe for use by many threads.
 *
 * @param <T> what a text becomes
 */
public final class ParsedTexts<T> {

    private final Cache<String, T> parsed;
    private final Function<String, T> parser;
    private final Predicate<T> kept;

    /**
     * @param characters of all texts kept together: a stranger's record may be as large as it likes, so how many records that are depends
     *     on their length, and how much memory hardly does
     * @param kept what is worth a place; the rest is parsed again
     */
    public ParsedTexts(int characters, Function<String, T> parser, Predicate<T> kept) {
        this.parsed = CacheBuilder.newBuilder().maximumWeight(characters).weigher((String text, T value) -> text.length()).build();
        this.parser = parser;
        this.kept = kept;
    }

    /** As the parser has it. */
    public T of(String text) {
        T known = parsed.getIfPresent(text);
        if (known == null) {
            known = parser.apply(text);
            if (kept.test(known)) {
                parsed.put(text, known);
            }
        }
        return known;
    }
}
