// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import dev.signet.dns.DomainName;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A public suffix list in the format of publicsuffix.org, for those who keep their own copy fresh. Immutable.
 */
public final class SuffixList implements PublicSuffixes {

    private final Set<DomainName> rules;
    private final Set<DomainName> wildcards;
    private final Set<DomainName> exceptions;

    private SuffixList(Set<DomainName> rules, Set<DomainName> wildcards, Set<DomainName> exceptions) {
        this.rules = Set.copyOf(rules);
        this.wildcards = Set.copyOf(wildcards);
        this.exceptions = Set.copyOf(exceptions);
    }

    /**
     * Reads the list: a rule a line, comments behind {@code //}, {@code *.} for a wildcard, {@code !} for an exception.
     *
     * @param characters decoded from UTF-8; not closed
     * @throws IOException from the reader, or where the list has no rule at all
     */
    public static SuffixList read(Reader characters) throws IOException {
        Set<DomainName> rules = new HashSet<>();
        Set<DomainName> wildcards = new HashSet<>();
        Set<DomainName> exceptions = new HashSet<>();
        BufferedReader lines = new BufferedReader(characters);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            // "Each line is only read up to the first whitespace; entire lines can also be commented using //."
            String rule = line.strip().split("\\s", 2)[0];
            if (rule.startsWith("//")) {
                continue;
            }
            if (rule.startsWith("!")) {
                DomainName.parse(rule.substring(1)).ifPresent(exceptions::add);
            } else if (rule.startsWith("*.")) {
                DomainName.parse(rule.substring(2)).ifPresent(wildcards::add);
            } else {
                DomainName.parse(rule).ifPresent(rules::add);
            }
        }
        if (rules.isEmpty()) {
            throw new IOException("no rules: not a public suffix list");
        }
        return new SuffixList(rules, wildcards, exceptions);
    }

    @Override
    public DomainName suffixOf(DomainName name) {
        for (DomainName candidate = name; candidate.labels().size() > 1; ) {
            Optional<DomainName> parent = candidate.parent();
            if (exceptions.contains(candidate)) {
                return parent.orElse(DomainName.ROOT);
            }
            if (rules.contains(candidate) || parent.filter(wildcards::contains).isPresent()) {
                return candidate;
            }
            candidate = parent.orElse(DomainName.ROOT);
        }
        return name.rightmost(1);
    }
}
