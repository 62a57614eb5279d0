// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.time.Duration;
import java.time.format.DateTimeParseException;

/** Reads ISO 8601 ({@code P7D}, {@code PT12H}) and the short forms {@code 7d}, {@code 12h}, {@code 30m}, {@code 90s}. */
final class DurationConverter implements ITypeConverter<Duration> {

    // A hundred years: far from the end of what a Duration and a time stamp can hold.
    private static final Duration MAX = Duration.ofDays(36_500);

    @Override
    public Duration convert(String value) {
        Duration duration = parse(value);
        if (duration.toSeconds() < 1 || duration.compareTo(MAX) > 0) {
            throw wrong(value);
        }
        return duration;
    }

    private static Duration parse(String value) {
        try {
            boolean iso = value.regionMatches(true, 0, "P", 0, 1);
            boolean days = value.endsWith("d") || value.endsWith("D");
            return Duration.parse(iso ? value : days ? "P" + value : "PT" + value);
        } catch (DateTimeParseException e) {
            throw wrong(value);
        }
    }

    private static TypeConversionException wrong(String value) {
        return new TypeConversionException(
                "found \"" + value + "\", expected a time of a second to a hundred years such as P7D, 7d, 12h, 30m or 90s");
    }
}
