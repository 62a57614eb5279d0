// SPDX-License-Identifier: Apache-2.0
package dev.signet.dns;

/**
 * A domain, or all domains below one, as an administrator writes it.
 *
 * @param below whether all domains below are meant, and not the domain itself
 */
public record DomainPattern(DomainName domain, boolean below) {

    /**
     * Reads {@code example.com} or {@code *.example.com}.
     *
     * @throws IllegalArgumentException for anything else, with what was found and what was expected
     */
    public static DomainPattern of(String text) {
        boolean below = text.startsWith("*.");
        DomainName domain = DomainName.parse(below ? text.substring(2) : text)
                // The DNS takes any octet, an administrator who writes one means something else.
                .filter(name -> name.ascii().chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '.' || c == '-' || c == '_'))
                .orElseThrow(() -> new IllegalArgumentException("found " + text + ", expected example.com or *.example.com"));
        return new DomainPattern(domain, below);
    }

    public boolean matches(DomainName name) {
        return below ? !name.equals(domain) && name.isAtOrBelow(domain) : name.equals(domain);
    }

    @Override
    public String toString() {
        return (below ? "*." : "") + domain;
    }
}
