// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import com.google.common.base.Splitter;
import com.google.common.net.InetAddresses;
import dev.signet.dns.DomainPattern;
import dev.signet.dns.Network;
import org.apache.commons.configuration2.Configuration;
import org.apache.james.core.MailAddress;
import org.apache.james.util.DurationParser;
import org.apache.mailet.MailetConfig;

import jakarta.mail.internet.AddressException;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The parameters of a file or a mailet, read once, each with its type and range. White space around a value does not count,
 * and an empty value is the same as none. Whoever has read all that there may be calls {@link #refuseOthers}: a misspelt name
 * must not silently leave a default in place.
 *
 * <p>Every method throws {@link ParameterException} for a value that is not what it has to be.
 */
final class Parameters {

    // GenericMailet's own: any mailet may have them.
    private static final Set<String> OF_EVERY_MAILET = Set.of("onMailetException", "onMatchException");

    private final String where;
    private final Map<String, String> values;
    private final Set<String> known = new TreeSet<>();

    /** @param where the source of the values, for messages, such as {@code "conf/signet.properties"} */
    Parameters(String where, Map<String, String> values) {
        this.where = where;
        this.values = new TreeMap<>(values);
    }

    static Parameters of(MailetConfig config) {
        Map<String, String> values = new TreeMap<>();
        for (Iterator<String> names = config.getInitParameterNames(); names.hasNext(); ) {
            String name = names.next();
            String value = config.getInitParameter(name);
            if (!OF_EVERY_MAILET.contains(name)) {
                values.put(name, value == null ? "" : value);
            }
        }
        return new Parameters("mailet " + config.getMailetName(), values);
    }

    /** Those of an SMTP hook. */
    static Parameters of(Configuration config, Class<?> hook) {
        Map<String, String> values = new TreeMap<>();
        for (Iterator<String> names = config.getKeys(); names.hasNext(); ) {
            String name = names.next();
            // Attributes of the handler element are James's: class, enableJmx.
            if (!name.startsWith("[@")) {
                values.put(name, config.getString(name));
            }
        }
        return new Parameters("handler " + hook.getName(), values);
    }

    Optional<String> text(String name) {
        known.add(name);
        return Optional.ofNullable(values.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    /** Something that is read from text by a function that returns nothing for what it does not understand. */
    <T> Optional<T> read(String name, String expected, Function<String, Optional<T>> reader) {
        return text(name).map(value -> reader.apply(value).orElseThrow(() -> wrong(name, value, expected)));
    }

    boolean flag(String name, boolean otherwise) {
        return text(name).map(value -> switch (value.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw wrong(name, value, "true or false");
        }).orElse(otherwise);
    }

    int number(String name, int otherwise, int min, int max) {
        return text(name).map(value -> {
            try {
                int number = Integer.parseInt(value);
                if (number >= min && number <= max) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // Falls through to the same message.
            }
            throw wrong(name, value, "a whole number from " + min + " to " + max);
        }).orElse(otherwise);
    }

    /** As James writes durations ({@code 10 s}, {@code 2 minutes}) or as ISO 8601 does ({@code PT10S}), always with a unit. */
    Optional<Duration> duration(String name, Duration min, Duration max) {
        String expected = "a duration from " + min + " to " + max + ", such as \"10 s\" or \"PT10S\"";
        return read(name, expected, value -> durationOf(value).filter(d -> d.compareTo(min) >= 0 && d.compareTo(max) <= 0));
    }

    <E extends Enum<E>> E choice(String name, E otherwise) {
        E[] all = otherwise.getDeclaringClass().getEnumConstants();
        List<String> words = Arrays.stream(all).map(e -> e.name().toLowerCase(Locale.ROOT).replace('_', '-')).toList();
        return read(name, "one of " + String.join(", ", words), value -> {
            int index = words.indexOf(value.toLowerCase(Locale.ROOT));
            return index < 0 ? Optional.empty() : Optional.of(all[index]);
        }).orElse(otherwise);
    }

    /** Values between commas, none of them empty. */
    List<String> list(String name) {
        return text(name).map(value -> Splitter.on(',').trimResults().omitEmptyStrings().splitToList(value)).orElse(List.of());
    }

    /** An address that mail can be sent to, of a domain with a name. */
    Optional<MailAddress> address(String name, String example) {
        return read(name, "a mail address, such as " + example, value -> {
            try {
                return Optional.of(new MailAddress(value)).filter(address -> !InetAddresses.isInetAddress(address.getDomain().asString()));
            } catch (AddressException e) {
                return Optional.empty();
            }
        });
    }

    /** Domains between commas, or patterns for them. */
    List<DomainPattern> domains(String name) {
        return list(name).stream().map(text -> {
            try {
                return DomainPattern.of(text);
            } catch (IllegalArgumentException e) {
                throw wrong(name, e);
            }
        }).toList();
    }

    /** Networks between commas, or addresses. */
    List<Network> networks(String name) {
        return list(name).stream()
                .map(text -> Network.parse(text)
                        .orElseThrow(() -> wrong(name, text, "addresses or networks such as 192.0.2.0/24, 2001:db8::/32")))
                .toList();
    }

    /** To be called last. */
    void refuseOthers() {
        for (String name : values.keySet()) {
            if (!known.contains(name)) {
                throw new ParameterException(where, "found an unknown parameter " + name + ", expected "
                        + (known.isEmpty() ? "none" : "only " + String.join(", ", known)));
            }
        }
    }

    /** The names asked for so far. */
    Set<String> known() {
        return Set.copyOf(known);
    }

    ParameterException wrong(String name, String found, String expected) {
        return new ParameterException(where, name + ": found \"" + found + "\", expected " + expected);
    }

    /** Where the fault is described by an exception: its message holds what was found and expected. */
    ParameterException wrong(String name, Exception cause) {
        return new ParameterException(where, name + ": " + cause.getMessage(), cause);
    }

    /** Where the exception names the parameter, too. */
    ParameterException wrong(Exception cause) {
        return new ParameterException(where, String.valueOf(cause.getMessage()), cause);
    }

    private static Optional<Duration> durationOf(String value) {
        try {
            if (value.startsWith("P") || value.startsWith("p")) {
                return Optional.of(Duration.parse(value));
            }
            boolean hasUnit = Character.isLetter(value.charAt(value.length() - 1));
            return hasUnit ? Optional.of(DurationParser.parse(value)) : Optional.empty();
        } catch (DateTimeParseException | IllegalArgumentException | ArithmeticException e) {
            return Optional.empty();
        }
    }
}
