// SPDX-License-Identifier: Apache-2.0
package dev.signet.spf;

import dev.signet.dns.DomainName;

import java.util.Optional;

/**
 * The {@code <sender>} of RFC 7208 §4.1.
 *
 * @param local what stands before the last at sign
 * @param domain what stands behind it, as it came
 */
record Sender(String local, String domain) {

    // RFC 5321 §4.5.3.1.4: no command line is longer. Macros may repeat what is in here many times.
    private static final int MAX_LENGTH = 512;

    static Sender of(SpfRequest request, SpfIdentity identity) {
        return switch (identity) {
            case HELO -> new Sender("postmaster", request.helo());
            // RFC 7208 §2.4: a null sender stands for postmaster@HELO.
            case MAIL_FROM -> request.mailFrom().isEmpty() ? new Sender("postmaster", request.helo()) : of(request.mailFrom());
        };
    }

    private static Sender of(String mailbox) {
        int at = mailbox.lastIndexOf('@');
        // RFC 7208 §4.3: "postmaster" where there is no local-part.
        return new Sender(at <= 0 ? "postmaster" : mailbox.substring(0, at), mailbox.substring(at + 1));
    }

    /** The domain to check; empty where it is none that RFC 7208 §4.3 would look up. */
    Optional<DomainName> checkedDomain() {
        return local.length() + domain.length() > MAX_LENGTH || domain.startsWith("[")
                ? Optional.empty()
                : DomainName.parse(domain).filter(Sender::isFullyQualified);
    }

    @Override
    public String toString() {
        return local + "@" + domain;
    }

    /**
     * RFC 7208 §4.3: not "a multi-label domain name" is none. A last label of digits only is an IP address that lost its brackets:
     * the root has no such name.
     */
    static boolean isFullyQualified(DomainName name) {
        String text = name.ascii();
        int dot = text.lastIndexOf('.');
        for (int i = dot + 1; dot >= 0 && i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return true;
            }
        }
        return false;
    }
}
