// SPDX-License-Identifier: Apache-2.0
package dev.signet.inbound;

import dev.signet.dns.Network;
import dev.signet.message.HeaderBlock;
import dev.signet.message.HeaderField;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The client that brought a message to our side: the one that is connected, or behind a relay of ours the one that connected to
 * the relay.
 *
 * @param helo what it called itself; empty where that is not known
 */
record Origin(InetAddress client, String helo) {

    // Relays in a row; each of them wrote a field above those of the strangers.
    private static final int MAX_RELAYS = 10;
    // More than any relay writes.
    private static final int MAX_LENGTH = 3_000;

    private static final String NAME = "[^\\s()\\[\\]]+";
    private static final String HELO = "(?<helo>" + NAME + "|\\[[0-9A-Za-z.:]+\\])";
    private static final String IP = "(?:IPv6:)?(?<ip>[0-9A-Fa-f.:]+)";

    /**
     * How mail servers write {@code from} (RFC 5321 §4.4, Extended-Domain), up to {@code by}. The HELO name in it is a stranger's and
     * may imitate anything, so each form is read from end to end, and a field in no form, with a HELO name of more than one word, or
     * with a second {@code by} names nobody.
     */
    private static final List<Pattern> FORMS = List.of(
            // James, and qmail without the brackets.
            Pattern.compile("from " + NAME + " \\((?:EHLO|HELO|LHLO) " + HELO + "\\) \\(\\[?" + IP + "]?\\) by "),
            // Postfix, which tells of TLS and users behind the address, and Sendmail.
            Pattern.compile("from " + HELO + " \\((?!(?:EHLO|HELO|LHLO) )(?:" + NAME + " )?\\[" + IP + "](?: \\(may be forged\\))?\\)"
                    + "(?: \\((?:using|No client|Client|Authenticated) (?:[^()]|\\([^()]{0,100}\\)){0,500}\\)){0,4} by "),
            // Exim for an address with a name and for one without.
            Pattern.compile("from " + NAME + " \\(\\[" + IP + "](?::[0-9]+)? helo=" + HELO + "\\) by "),
            Pattern.compile("from \\[" + IP + "](?::[0-9]+)? \\((?:port=[0-9]+ )?helo=" + HELO + "\\) by "),
            // Exchange.
            Pattern.compile("from " + HELO + " \\(" + IP + "\\) by "));

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

    private static Optional<Origin> parse(String received) {
        String line = received.length() > MAX_LENGTH ? "" : received.replaceAll("[ \t]+", " ");
        if (line.indexOf(" by ") != line.lastIndexOf(" by ")) {
            return Optional.empty();
        }
        for (Pattern form : FORMS) {
            Matcher matcher = form.matcher(line);
            if (matcher.lookingAt()) {
                return Network.parse(matcher.group("ip")).map(network -> new Origin(network.address(), matcher.group("helo")));
            }
        }
        return Optional.empty();
    }
}
