// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the tags of a DMARC record as RFC 9989 §4.8 wants it: once the version stands in front, nothing behind it can make the
 * record invalid. That is looser than the tag lists of DKIM, which one stray semicolon voids.
 */
final class DmarcTags {

    private static final Set<String> KNOWN =
            Set.of("v", "p", "sp", "np", "psd", "t", "adkim", "aspf", "fo", "rua", "ruf", "pct", "rf", "ri");

    // Both bound what a record of 64 KB can make us keep.
    private static final int MAX_PROBLEMS = 20;
    private static final int MAX_TAGS = 100;

    private final Map<String, String> tags = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    private DmarcTags() {}

    /** Empty where the text does not begin with {@code v=DMARC1}. */
    static Optional<DmarcTags> read(String text) {
        DmarcTags read = new DmarcTags();
        int start = 0;
        boolean first = true;
        while (start < text.length() && read.tags.size() < MAX_TAGS) {
            int semicolon = text.indexOf(';', start);
            int end = semicolon < 0 ? text.length() : semicolon;
            String part = strip(text.substring(start, end));
            int equals = part.indexOf('=');
            String name = equals < 0 ? "" : strip(part.substring(0, equals)).toLowerCase(Locale.ROOT);
            String value = equals < 0 ? "" : strip(part.substring(equals + 1));
            // RFC 9989 §4.7: v must be the first tag and its value, with regard to case, DMARC1; else ignore the record.
            if (first && !(name.equals("v") && value.equals("DMARC1"))) {
                return Optional.empty();
            }
            read.add(part, name, value, semicolon < 0);
            first = false;
            start = end + 1;
        }
        return first ? Optional.empty() : Optional.of(read);
    }

    // RFC 9989 §4.8: syntax errors are "discarded in favor of default values (if any) or ignored outright".
    private void add(String part, String name, String value, boolean last) {
        if (part.isEmpty()) {
            if (!last) {
                note("an empty tag");
            }
        } else if (!isTagName(name)) {
            note("not a tag: " + printable(part));
        } else if (tags.containsKey(name)) {
            // The RFC is silent. OpenDMARC takes the last one, mox refuses the record; a later contradiction is to us the error.
            note(name + " occurs more than once: the first one counts");
        } else {
            // RFC 5234 §2.3: "p" in the grammar matches P as well; only DMARC1 is marked as case-sensitive.
            tags.put(name, value);
        }
    }

    Map<String, String> all() {
        return Collections.unmodifiableMap(new LinkedHashMap<>(tags));
    }

    List<String> problems() {
        return List.copyOf(problems);
    }

    void note(String problem) {
        if (problems.size() < MAX_PROBLEMS) {
            problems.add(problem);
        }
    }

    void noteUnknown() {
        for (String name : tags.keySet()) {
            if (!KNOWN.contains(name)) {
                note(printable(name) + " is not a DMARC tag: ignored");
            }
        }
    }

    Optional<Disposition> policy(String name) {
        String value = lower(name);
        if (value == null) {
            if (name.equals("p")) {
                note("p is missing: counts as none");
            }
            return Optional.empty();
        }
        return switch (value) {
            case "none" -> Optional.of(Disposition.NONE);
            case "quarantine" -> Optional.of(Disposition.QUARANTINE);
            case "reject" -> Optional.of(Disposition.REJECT);
            default -> {
                broken(name, "none, quarantine or reject");
                yield Optional.empty();
            }
        };
    }

    /** Whether the tag is there, but its value was of no use. */
    boolean isBroken(String name, Optional<?> value) {
        return tags.containsKey(name) && value.isEmpty();
    }

    AlignmentMode alignment(String name) {
        String value = lower(name);
        if (value == null || value.equals("r")) {
            return AlignmentMode.RELAXED;
        }
        if (value.equals("s")) {
            return AlignmentMode.STRICT;
        }
        broken(name, "r or s");
        return AlignmentMode.RELAXED;
    }

    PublicSuffixFlag publicSuffixFlag() {
        String value = lower("psd");
        if (value == null) {
            return PublicSuffixFlag.UNDECLARED;
        }
        return switch (value) {
            case "y" -> PublicSuffixFlag.YES;
            case "n" -> PublicSuffixFlag.NO;
            case "u" -> PublicSuffixFlag.UNDECLARED;
            default -> {
                broken("psd", "y, n or u");
                yield PublicSuffixFlag.UNDECLARED;
            }
        };
    }

    boolean testing() {
        String value = lower("t");
        if (value != null && !value.equals("y") && !value.equals("n")) {
            broken("t", "y or n");
        }
        return "y".equals(value);
    }

    /** A number from 0 to {@code max}. */
    int number(String name, int max, int fallback) {
        String value = tags.get(name);
        if (value == null) {
            return fallback;
        }
        boolean digits = !value.isEmpty() && value.length() <= 10 && value.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits || Long.parseLong(value) > max) {
            broken(name, "a number from 0 to " + max);
            return fallback;
        }
        return Integer.parseInt(value);
    }

    Set<FailureOption> failureOptions() {
        String value = lower("fo");
        EnumSet<FailureOption> options = EnumSet.noneOf(FailureOption.class);
        // Longer than "0:d:s" by any amount of white space is still short.
        boolean sound = value != null && value.length() <= 64;
        for (String option : sound && value != null ? value.split(":", -1) : new String[0]) {
            sound &= switch (strip(option)) {
                case "0" -> options.add(FailureOption.ALL);
                case "1" -> options.add(FailureOption.ANY);
                case "d" -> options.add(FailureOption.DKIM);
                case "s" -> options.add(FailureOption.SPF);
                default -> false;
            };
        }
        // RFC 9989 §4.7: "0" and "1" are mutually exclusive.
        if (value != null && (!sound || options.containsAll(EnumSet.of(FailureOption.ALL, FailureOption.ANY)))) {
            broken("fo", "0 or 1, d, s, separated by colons");
            sound = false;
        }
        return sound ? Collections.unmodifiableSet(options) : Set.of(FailureOption.ALL);
    }

    /** The syntactically valid reporting URIs of a list. */
    List<String> uris(String name) {
        String value = tags.get(name);
        if (value == null) {
            return List.of();
        }
        List<String> uris = new ArrayList<>();
        for (String part : value.split(",", MAX_TAGS)) {
            String uri = withoutSizeLimit(strip(part));
            if (isUri(uri)) {
                uris.add(uri);
            } else {
                note(name + " has something that is no URI, such as mailto:reports@example.com: " + printable(part));
            }
        }
        return List.copyOf(uris);
    }

    // RFC 9989 §4.8, obs-dmarc-report-size: "!" 1*DIGIT [k/m/g/t], to be ignored.
    private static String withoutSizeLimit(String uri) {
        int mark = uri.lastIndexOf('!');
        if (mark < 0) {
            return uri;
        }
        int i = mark + 1;
        while (i < uri.length() && uri.charAt(i) >= '0' && uri.charAt(i) <= '9') {
            i++;
        }
        boolean unit = i == uri.length() || (i == uri.length() - 1 && "kmgtKMGT".indexOf(uri.charAt(i)) >= 0);
        return i > mark + 1 && unit ? uri.substring(0, mark) : uri;
    }

    private static boolean isUri(String text) {
        // java.net.URI also takes characters beyond ASCII, which RFC 3986 does not.
        if (!text.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            return false;
        }
        try {
            return new URI(text).isAbsolute();
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private void broken(String name, String expected) {
        note(name + " has a broken value: found " + printable(tags.getOrDefault(name, "")) + ", expected " + expected);
    }

    private @Nullable String lower(String name) {
        String value = tags.get(name);
        return value == null ? null : value.toLowerCase(Locale.ROOT);
    }

    private static boolean isTagName(String name) {
        // The grammar says letters; digits and underscores as in DKIM, for tags to come.
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_') {
                return false;
            }
        }
        return !name.isEmpty();
    }

    private static String strip(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isSpace(text.charAt(start))) {
            start++;
        }
        while (end > start && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    private static String printable(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length() && i < 60; i++) {
            out.append(text.charAt(i) >= ' ' && text.charAt(i) < 0x7F ? text.charAt(i) : '?');
        }
        return text.length() > 60 ? out + "..." : out.toString();
    }
}
