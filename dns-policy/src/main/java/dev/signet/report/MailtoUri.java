// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import dev.signet.dns.DomainName;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The address in a {@code mailto:} URI (RFC 6068). What follows a question mark would be header fields of the owner's choice, and is
 * left out.
 *
 * @param localPart a dot-atom of ASCII
 */
record MailtoUri(String localPart, DomainName host) {

    private static final String SCHEME = "mailto:";

    // RFC 5321 §4.5.3.1.1.
    private static final int MAX_LOCAL_PART = 64;

    // RFC 5322 §3.2.3. A quoted local part, or one of Unicode, may be an address; it is none that everybody's SMTP can carry.
    private static final Pattern DOT_ATOM = Pattern.compile("[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*");

    /** Empty for anything but one address that mail can be sent to. */
    static Optional<MailtoUri> parse(String uri) {
        if (!uri.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            return Optional.empty();
        }
        int question = uri.indexOf('?');
        return decode(uri.substring(SCHEME.length(), question < 0 ? uri.length() : question)).flatMap(MailtoUri::ofAddress);
    }

    private static Optional<MailtoUri> ofAddress(String address) {
        int at = address.lastIndexOf('@');
        if (at < 1 || at > MAX_LOCAL_PART || !DOT_ATOM.matcher(address.substring(0, at)).matches()) {
            return Optional.empty();
        }
        // One label is no host of the public DNS, and "a,b@c" is no address: neither has a dot-atom and a domain.
        return DomainName.parse(address.substring(at + 1))
                .filter(host -> host.labels().size() > 1 && host.ascii().matches("[a-z0-9._-]+"))
                .map(host -> new MailtoUri(address.substring(0, at), host));
    }

    /** RFC 3986 §2.1; empty where it is not the form of ASCII text. */
    private static Optional<String> decode(String text) {
        StringBuilder decoded = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
                int low = high < 0 ? -1 : Character.digit(text.charAt(i + 2), 16);
                if (low < 0) {
                    return Optional.empty();
                }
                c = (char) (high * 16 + low);
                i += 2;
            }
            if (c <= ' ' || c >= 0x7F) {
                return Optional.empty();
            }
            decoded.append(c);
        }
        return Optional.of(decoded.toString());
    }

    String address() {
        return localPart + "@" + host;
    }
}
