// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import dev.signet.dns.DomainName;

/**
 * Who reports.
 *
 * @param domain of the receiver: {@code Submitter} in subjects, and part of file names
 * @param organization its name for people
 * @param email whom the owner of a domain may ask
 * @param extraContact more of the kind, such as the address of a page; empty for none
 * @param generator name and version of the software
 */
public record Reporter(DomainName domain, String organization, String email, String extraContact, String generator) {}
