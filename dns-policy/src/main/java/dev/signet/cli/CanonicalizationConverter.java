// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import dev.signet.message.Canonicalization;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code c=} of a signature (RFC 6376 §3.5): {@code relaxed/simple}, or {@code relaxed}, which leaves the body simple. */
final class CanonicalizationConverter implements ITypeConverter<CanonicalizationConverter.Forms> {

    /** Of the header and of the body. */
    record Forms(Canonicalization header, Canonicalization body) {}

    @Override
    public Forms convert(String value) {
        int slash = value.indexOf('/');
        String header = slash < 0 ? value : value.substring(0, slash);
        String body = slash < 0 ? "simple" : value.substring(slash + 1);
        return new Forms(form(header, value), form(body, value));
    }

    private static Canonicalization form(String text, String value) {
        return Canonicalization.parse(text).orElseThrow(() -> new TypeConversionException(
                "found \"" + value + "\", expected simple or relaxed for header/body, such as relaxed/relaxed"));
    }
}
