// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import dev.signet.dns.DomainName;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code example.com}, also with U-labels. */
final class DomainConverter implements ITypeConverter<DomainName> {

    @Override
    public DomainName convert(String value) {
        return DomainName.parse(value)
                .orElseThrow(() -> new TypeConversionException("found \"" + value + "\", expected a domain name such as example.com"));
    }
}
