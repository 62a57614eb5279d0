// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import com.google.common.net.InternetDomainName;
import dev.signet.dns.DomainName;

/** The public suffix list that comes with Guava: as fresh as the Guava that James brings. */
public final class GuavaSuffixes implements PublicSuffixes {

    // The longest suffixes of the list have five labels.
    private static final int MAX_SUFFIX_LABELS = 8;

    @Override
    public DomainName suffixOf(DomainName name) {
        int labels = name.labels().size();
        for (int i = Math.min(labels, MAX_SUFFIX_LABELS); i > 1; i--) {
            DomainName candidate = name.rightmost(i);
            // Guava refuses names that no host can have; none of those is a public suffix.
            if (InternetDomainName.isValid(candidate.ascii()) && InternetDomainName.from(candidate.ascii()).isPublicSuffix()) {
                return candidate;
            }
        }
        return name.rightmost(1);
    }
}
