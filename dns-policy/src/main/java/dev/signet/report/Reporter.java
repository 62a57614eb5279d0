// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import dev.signet.dns.DomainName;

import java.util.Optional;

/**
 * Who reports.
 *
 * @param domain of the receiver: {@code Submitter} in subjects, and part of file names
 * @param organization its name for people
 * @param email whom the owner of a domain may ask
 * @param extraContact more of the kind, such as the address of a page; empty for none
 * @param generator name and version of the software
 */
public record Reporter(DomainName domain, String organization, String email, String extraContact, String generator) {

    /**
     * Name and version of this software, as far as the manifest of our jar tells it: RFC 9990 §3.1.1.3, {@code generator}, in the form
     * of RFC 5965 §3.1, {@code User-Agent}.
     */
    public static final String SOFTWARE =
            "Signet" + Optional.ofNullable(Reporter.class.getPackage().getImplementationVersion()).map(version -> "/" + version).orElse("");
}
