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
        for (int labels = Math.min(name.labels().size(), MAX_SUFFIX_LABELS); labels > 1; labels--) {
            String candidate = name.rightmost(labels).ascii();
            // Guava refuses names that no host can have; what matters may stand to the right of the label that it dislikes.
            if (InternetDomainName.isValid(candidate)) {
                InternetDomainName suffix = InternetDomainName.from(candidate).publicSuffix();
                return suffix == null ? name.rightmost(1) : name.rightmost(suffix.parts().size());
            }
        }
        return name.rightmost(1);
    }
}
