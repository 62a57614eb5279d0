// SPDX-License-Identifier: Apache-2.0
package dev.signet.inbound;

import dev.signet.dns.Network;
import dev.signet.message.HeaderBlock;
import dev.signet.message.HeaderField;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * The client that brought a message to our side: the one that is connected, or behind a relay of ours the one that connected to
 * the relay.
 *
 * @param helo what it called itself; empty where that is not known
 */
record Origin(InetAddress client, String helo) {

    // Relays in a row; each of them wrote a field above those of the strangers.
    private static final int MAX_RELAYS = 10;

    /**
     * Reads the Received fields of our side, which are on top. Everything below them was there before the message reached us, and
     * may be invented.
     *
     * @return empty where the field that should name a client names none
     */
    static Optional<Origin> behind(Relays relays, HeaderBlock header) {
        List<HeaderField> received = header.all("Received");
        return switch (relays) {
            case Relays.InNetworks known -> firstStranger(received, known);
            // The topmost one is this server's and names the relay that is connected.
            case Relays.AtDepth(int fields) -> received.size() > fields ? parse(received.get(fields).unfolded()) : Optional.empty();
        };
    }

    private static Optional<Origin> firstStranger(List<HeaderField> received, Relays.InNetworks relays) {
        for (HeaderField field : received.stream().limit(MAX_RELAYS).toList()) {
            Optional<Origin> from = parse(field.unfolded());
            if (from.isEmpty() || !relays.include(from.get().client())) {
                return from;
            }
        }
        return Optional.empty();
    }

    /**
     * Reads {@code from NAME (... [ADDRESS]) by ...} (RFC 5321 §4.4, Extended-Domain). James writes {@code (EHLO NAME)} beside a
     * reverse name, Postfix and Sendmail write the HELO name first, Exim behind the address. The HELO name is a stranger's and
     * may hold anything, so a field with a second "by" or a second bracket where the address stands is not read at all.
     */
    private static Optional<Origin> parse(String received) {
        int by = received.indexOf(" by ");
        if (!received.startsWith("from ") || by < 0 || received.indexOf(" by ", by + 1) >= 0) {
            return Optional.empty();
        }
        String from = received.substring("from ".length(), by);
        String greeted = greeting(from);
        String where = greeted.isEmpty() ? from : from.replace(greeted, "");
        int open = where.indexOf('[', Math.max(0, where.indexOf('(')));
        int close = where.indexOf(']', Math.max(0, open));
        if (where.indexOf('(') < 0 || open < 0 || close < 0 || where.indexOf('[', open + 1) >= 0) {
            return Optional.empty();
        }
        String literal = where.substring(open + 1, close);
        String address = literal.regionMatches(true, 0, "IPv6:", 0, 5) ? literal.substring(5) : literal;
        String helo = greeted.isEmpty() ? firstWord(from) : greeted.substring("(EHLO ".length(), greeted.length() - 1).strip();
        return Network.parse(address).map(network -> new Origin(network.address(), helo));
    }

    /** The comment in which James tells the HELO name, with its parentheses; empty where there is none. */
    private static String greeting(String from) {
        for (String start : new String[] {"(EHLO ", "(HELO ", "(LHLO "}) {
            int open = from.indexOf(start);
            int close = from.indexOf(')', Math.max(open, 0));
            if (open >= 0 && close > open) {
                return from.substring(open, close + 1);
            }
        }
        return "";
    }

    private static String firstWord(String from) {
        int space = from.indexOf(' ');
        return space < 0 ? from : from.substring(0, space);
    }
}
