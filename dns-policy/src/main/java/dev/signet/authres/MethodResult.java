// SPDX-License-Identifier: Apache-2.0
package dev.signet.authres;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one method said about a message, such as {@code dkim=pass (2048-bit key) header.d=example.com} (RFC 8601 §2.2,
 * {@code resinfo}). Build one with {@link #of} and the methods that add to it.
 *
 * @param method a keyword, such as {@code dkim}; kept in lower case
 * @param version of the method, 1 unless said otherwise
 * @param result a keyword, such as {@code pass}; kept in lower case
 * @param reason for humans
 * @param comments for humans; written behind the result, wherever they were read
 * @param properties in their order
 */
public record MethodResult(
        String method, int version, String result, Optional<String> reason, List<String> comments, List<Property> properties) {

    /** @throws IllegalArgumentException for a method or result that is no keyword, or a negative version */
    public MethodResult {
        method = Keyword.of(method);
        result = Keyword.of(result);
        comments = List.copyOf(comments);
        properties = List.copyOf(properties);
        if (version < 0) {
            throw new IllegalArgumentException("a negative version: " + version);
        }
    }

    /** A bare result. */
    public static MethodResult of(String method, String result) {
        return new MethodResult(method, 1, result, Optional.empty(), List.of(), List.of());
    }

    /** With a reason, instead of any it had. */
    public MethodResult withReason(String text) {
        return new MethodResult(method, version, result, Optional.of(text), comments, properties);
    }

    /** With one more comment, {@code text} without its parentheses. */
    public MethodResult withComment(String text) {
        return new MethodResult(method, version, result, reason, plus(comments, text), properties);
    }

    /** With one more property; {@code value} is any text, one char per byte. */
    public MethodResult withProperty(PropertyType type, String name, String value) {
        return new MethodResult(method, version, result, reason, comments, plus(properties, new Property(type, name, value)));
    }

    /** The value of the first property of this type and name (in lower case). */
    public Optional<String> property(PropertyType type, String name) {
        return properties.stream()
                .filter(property -> property.type() == type && property.name().equals(name))
                .map(Property::value)
                .findFirst();
    }

    MethodResult inAscii() {
        return new MethodResult(
                method,
                version,
                result,
                reason.map(AuthenticationResults::ascii),
                comments.stream().map(AuthenticationResults::ascii).toList(),
                properties.stream().map(p -> new Property(p.type(), p.name(), AuthenticationResults.ascii(p.value()))).toList());
    }

    private static <T> List<T> plus(List<T> list, T element) {
        List<T> longer = new ArrayList<>(list.size() + 1);
        longer.addAll(list);
        longer.add(element);
        return longer;
    }
}
