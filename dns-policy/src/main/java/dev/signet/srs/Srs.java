// SPDX-License-Identifier: Apache-2.0
package dev.signet.srs;

import com.google.common.base.Splitter;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;

/** Rewrites envelope senders of mail that is forwarded, and finds the way back for bounces. For many threads. */
public final class Srs {

    // RFC 5321 §4.5.3.1.3: a path has at most 256 octets, of which two are the angle brackets. The limit of 64 octets for a local part
    // (§4.5.3.1.1) is not held, as no implementation of SRS holds it: domain and local part share the new local part, and the bounce
    // addresses of newsletters alone fill it. A receiver that insists on 64 is rarer than one that refuses mail whose SPF fails.
    private static final int MAX_ADDRESS = 254;

    private static final char SEPARATOR = '=';

    private final Supplier<SrsSecrets> secrets;
    private final SrsOptions options;
    private final InstantSource clock;

    /** @param secrets asked for each address anew, so that they can change */
    public Srs(Supplier<SrsSecrets> secrets, SrsOptions options, InstantSource clock) {
        this.secrets = secrets;
        this.options = options;
        this.clock = clock;
    }

    /**
     * The address to use instead of a sender's.
     *
     * @param sender without angle brackets, a quoted local part with its quotes
     * @param forwarder the domain whose SPF record names the forwarding server, and which gets the bounces
     */
    public SrsForward forward(String sender, String forwarder) {
        int at = sender.lastIndexOf('@');
        String domain = sender.substring(at + 1);
        if (at <= 0 || !isDomain(domain)) {
            // A null sender stays one (RFC 5321 §6.1); a domain literal has no SPF record to fail.
            return new SrsForward.Unchanged("a sender without a domain name");
        }
        LocalPart local = LocalPart.parse(sender.substring(0, at));
        String address = local.with(rewrite(local.content(), domain)) + "@" + forwarder;
        return address.getBytes(StandardCharsets.UTF_8).length > MAX_ADDRESS
                ? new SrsForward.Unchanged("an address that would have more than " + MAX_ADDRESS + " octets")
                : new SrsForward.Rewritten(address);
    }

    /**
     * Whose address stands in one of ours.
     *
     * @param localPart of the recipient, a quoted one with its quotes
     */
    public SrsReverse reverse(String localPart) {
        LocalPart local = LocalPart.parse(localPart);
        String content = local.content();
        if (isTagged(content, "SRS0")) {
            return reverseFirst(local, split(content, 4));
        }
        if (isTagged(content, "SRS1")) {
            return reverseLater(local, split(content, 3));
        }
        return new SrsReverse.NotSrs();
    }

    private String rewrite(String content, String domain) {
        if (isTagged(content, "SRS0")) {
            // Its sign stays behind the domain, for the way back: only SRS0 itself is dropped.
            return later(domain, content.substring(4));
        }
        if (isTagged(content, "SRS1")) {
            List<String> parts = split(content, 3);
            // Past the last forwarder, straight to the first one. What only looks like an SRS1 address is wrapped like any other.
            if (parts.size() == 3 && isDomain(parts.get(1)) && isSign(parts.get(2))) {
                return later(parts.get(1), parts.get(2));
            }
        }
        String day = SrsDay.of(clock.instant()).toString();
        String hash = secrets.get().hash(options.hashLength(), day, domain, content);
        return "SRS0=" + hash + SEPARATOR + day + SEPARATOR + domain + SEPARATOR + content;
    }

    /** No day: whether the address still holds is for the first forwarder to say. */
    private String later(String domain, String rest) {
        return "SRS1=" + secrets.get().hash(options.hashLength(), domain, rest) + SEPARATOR + domain + SEPARATOR + rest;
    }

    private SrsReverse reverseFirst(LocalPart local, List<String> parts) {
        if (parts.size() < 4 || parts.get(2).isEmpty() || parts.get(3).isEmpty()) {
            return malformed();
        }
        if (isForged(parts.get(0), parts.get(1), parts.get(2), parts.get(3))) {
            return forged();
        }
        // The hash first: only of an address that is ours the day means anything. One of tomorrow is taken, which Mail::SRS refuses: a clock
        // that was set back around midnight, or another one's that is behind, would cost a bounce.
        OptionalInt age = SrsDay.of(clock.instant()).since(parts.get(1));
        if (age.isEmpty() || age.getAsInt() > options.maxAge()) {
            return new SrsReverse.Refused(SrsReverse.Cause.EXPIRED, "an SRS address of more than " + options.maxAge() + " days ago");
        }
        return new SrsReverse.Original(local.with(parts.get(3)) + "@" + parts.get(2));
    }

    private SrsReverse reverseLater(LocalPart local, List<String> parts) {
        if (parts.size() < 3 || parts.get(1).isEmpty() || !isSign(parts.get(2))) {
            return malformed();
        }
        return isForged(parts.get(0), parts.get(1), parts.get(2))
                ? forged()
                : new SrsReverse.Original(local.with("SRS0" + parts.get(2)) + "@" + parts.get(1));
    }

    private boolean isForged(String hash, String... data) {
        return hash.length() < options.hashLength() || !secrets.get().verify(hash, data);
    }

    /** What stands behind the tag and its sign; separators in excess belong to the last part. */
    private static List<String> split(String content, int parts) {
        return Splitter.on(SEPARATOR).limit(parts).splitToList(content.substring(5));
    }

    private static SrsReverse malformed() {
        return new SrsReverse.Refused(SrsReverse.Cause.MALFORMED, "an SRS address that lacks a part");
    }

    private static SrsReverse forged() {
        return new SrsReverse.Refused(SrsReverse.Cause.FORGED, "an SRS address that was not made here");
    }

    private static boolean isTagged(String content, String tag) {
        return content.regionMatches(true, 0, tag, 0, tag.length()) && isSign(content.substring(tag.length()));
    }

    private static boolean isSign(String text) {
        return !text.isEmpty() && "=+-".indexOf(text.charAt(0)) >= 0;
    }

    /** What can stand in a local part without quotes and ends before the next separator. */
    private static boolean isDomain(String text) {
        return !text.isEmpty() && !text.startsWith(".") && !text.endsWith(".")
                && text.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '-' || c == '_' || c == '.');
    }

    /**
     * A local part, and whether it is a quoted string. The quotes of {@code "a b"@domain} move to the outside, {@code
     * "SRS0=HHHH=TT=domain=a b"}; what is between them stays as it is.
     */
    private record LocalPart(String content, boolean quoted) {

        static LocalPart parse(String text) {
            boolean quoted = text.length() > 2 && text.startsWith("\"") && text.endsWith("\"");
            return new LocalPart(quoted ? text.substring(1, text.length() - 1) : text, quoted);
        }

        String with(String other) {
            return quoted ? '"' + other + '"' : other;
        }
    }
}
