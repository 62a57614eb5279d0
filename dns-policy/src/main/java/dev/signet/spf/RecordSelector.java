// SPDX-License-Identifier: Apache-2.0
package dev.signet.spf;

import java.util.List;

/** Picks the record to evaluate from a domain's TXT records. Sender ID evaluates the same language under other versions. */
@FunctionalInterface
public interface RecordSelector {

    /** Looks at all TXT records of one domain, one char per octet. */
    Selection select(List<String> txtRecords);

    /** The result for a domain that does not exist: none as for one without a record (RFC 7208 §4.3). */
    default SpfResult.State nonexistentDomain() {
        return SpfResult.State.NONE;
    }

    /** What was picked. */
    sealed interface Selection {

        /** No record of the wanted version. */
        record None() implements Selection {}

        /** The one record; {@code terms} is what stands behind its version. */
        record One(String terms) implements Selection {}

        /** More records than there may be: a permerror with this reason. */
        record TooMany(String reason) implements Selection {}
    }

    /** Records with the version {@code v=spf1} (RFC 7208 §4.5). */
    static Selection spf1(List<String> txtRecords) {
        String spf1 = null;
        int count = 0;
        for (String txt : txtRecords) {
            if (isSpf1(txt)) {
                spf1 = txt;
                count++;
            }
        }
        if (spf1 == null) {
            return new Selection.None();
        }
        return count == 1
                ? new Selection.One(spf1.substring("v=spf1".length()))
                // RFC 7208 §4.5: "If the resultant record set includes more than one record, [...] permerror".
                : new Selection.TooMany(count + " records with v=spf1");
    }

    /** RFC 7208 §4.5: the version "is terminated by either an SP character or the end of the record". */
    private static boolean isSpf1(String txt) {
        return txt.regionMatches(true, 0, "v=spf1", 0, 6) && (txt.length() == 6 || txt.charAt(6) == ' ');
    }
}
