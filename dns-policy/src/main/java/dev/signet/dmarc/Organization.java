// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import dev.signet.dns.DomainName;

/** Who a domain belongs to: its Organizational Domain (RFC 9989 §3.2.14). */
public sealed interface Organization {

    /** The Organizational Domain. */
    record Known(DomainName domain) implements Organization {}

    /** There is none: by the list, the domain is a public suffix itself. A walk always finds one. */
    record PublicSuffix() implements Organization {}

    /** The DNS did not let us find out. */
    record Unknown(String cause) implements Organization {}
}
