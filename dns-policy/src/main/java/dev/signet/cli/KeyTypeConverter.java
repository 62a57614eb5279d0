// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import dev.signet.keys.KeyType;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.util.Locale;

/** Reads {@code rsa} or {@code ed25519}. */
final class KeyTypeConverter implements ITypeConverter<KeyType> {

    @Override
    public KeyType convert(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "rsa" -> KeyType.RSA;
            case "ed25519" -> KeyType.ED25519;
            default -> throw new TypeConversionException("found \"" + value + "\", expected rsa or ed25519");
        };
    }
}
