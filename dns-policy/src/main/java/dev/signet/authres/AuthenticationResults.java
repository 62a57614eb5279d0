// SPDX-License-Identifier: Apache-2.0
package dev.signet.authres;

import dev.signet.message.HeaderBlock;
import dev.signet.message.HeaderField;
import dev.signet.message.HiddenFields;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An Authentication-Results field: what one host found out about a message (RFC 8601).
 *
 * <p>All text is one char per byte. Writing never fails and never lets a control character through: {@link #toField} replaces
 * them, cuts what is too long and quotes what needs it. What is within those bounds is read back equal.
 *
 * @param authservId who says so, without quotes; only an exactly equal one is ours
 * @param version of the field's syntax, 1 unless said otherwise
 * @param results in their order; empty for {@code none}
 */
public record AuthenticationResults(String authservId, int version, List<MethodResult> results) {

    /** What reading a field ends with. */
    public sealed interface Parse {
        /** A field that follows the grammar. */
        record Sound(AuthenticationResults field) implements Parse {}

        /** One that does not; nothing of it is to be believed. The reason is for humans. */
        record Malformed(String reason) implements Parse {}
    }

    static final String NAME = "Authentication-Results";

    /** @throws IllegalArgumentException for an empty authserv-id or a negative version */
    public AuthenticationResults {
        results = List.copyOf(results);
        if (authservId.isEmpty()) {
            throw new IllegalArgumentException("an empty authserv-id");
        }
        if (version < 0) {
            throw new IllegalArgumentException("a negative version: " + version);
        }
    }

    /** Results of this version of the syntax. */
    public static AuthenticationResults of(String authservId, List<MethodResult> results) {
        return new AuthenticationResults(authservId, 1, results);
    }

    /** Reads the body of a field, one char per byte, as {@link HeaderField#body} gives it. */
    public static Parse parse(String body) {
        return new ResultsParser(body).parse();
    }

    /**
     * What one host wrote into a message, in one piece however many fields it took: the results that a seal of this host testifies
     * (RFC 8617 §4.1.1). To be believed only where forged fields were removed before ({@link #claims}).
     *
     * @param authservId only fields whose own is equal, in any case, count
     * @return empty where there is no sound field of this host
     */
    public static Optional<AuthenticationResults> writtenBy(String authservId, HeaderBlock header) {
        List<AuthenticationResults> fields = header.all(NAME).stream()
                .map(field -> parse(field.body()))
                .flatMap(parse -> parse instanceof Parse.Sound(AuthenticationResults field) ? Stream.of(field) : Stream.empty())
                .filter(field -> field.authservId().equalsIgnoreCase(authservId))
                .toList();
        List<MethodResult> results = fields.stream().flatMap(field -> field.results().stream()).toList();
        return fields.isEmpty() ? Optional.empty() : Optional.of(of(authservId, results));
    }

    /**
     * Whether a field claims to be written by us, or could be taken for that by some reader of it: such a field that came from
     * outside is forged and must go before anyone reads it (RFC 8601 §5).
     *
     * @param field any field; one of another name claims nothing unless some reader sees an Authentication-Results field in it
     * @param authservId ours, with A-labels
     */
    public static boolean claims(HeaderField field, String authservId) {
        List<String> hidden = HiddenFields.find(field, NAME);
        // Most fields are of another name and hide nothing.
        return (field.nameIs(NAME) || !hidden.isEmpty()) && new Claim(authservId).isMadeBy(field, hidden);
    }

    /** With a question mark for every byte that is no ASCII: for header fields that go where others would not survive. */
    public AuthenticationResults inAscii() {
        return new AuthenticationResults(ascii(authservId), version, results.stream().map(MethodResult::inAscii).toList());
    }

    static String ascii(String text) {
        return text.replaceAll("[^\\x00-\\x7F]", "?");
    }

    /** As a header field, folded. */
    public HeaderField toField() {
        return HeaderField.of(NAME, new ResultsWriter(NAME).write("", this));
    }
}
