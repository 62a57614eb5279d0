// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One DMARC Policy Record with every default filled in (RFC 9989 §4.7, and pct, rf and ri of RFC 7489 §6.3). Two records are
 * equal where their texts are. Immutable.
 */
public final class DmarcRecord {

    private final String text;
    private final Map<String, String> tags;
    private final List<String> problems;
    private final Disposition policy;
    private final Disposition subdomainPolicy;
    private final Disposition absentSubdomainPolicy;
    private final boolean applicable;
    private final PublicSuffixFlag psd;
    private final boolean testing;
    private final AlignmentMode dkimAlignment;
    private final AlignmentMode spfAlignment;
    private final Set<FailureOption> failureOptions;
    private final List<String> aggregateReportUris;
    private final List<String> failureReportUris;
    private final int percent;
    private final int reportInterval;

    DmarcRecord(String text, DmarcTags tags) {
        this.text = text;
        this.tags = tags.all();
        Optional<Disposition> p = tags.policy("p");
        Optional<Disposition> sp = tags.policy("sp");
        Optional<Disposition> np = tags.policy("np");
        this.aggregateReportUris = tags.uris("rua");
        this.failureReportUris = tags.uris("ruf");
        // RFC 9989 §4.10.1: with a broken p, sp or np, act "as if a record containing p=none was retrieved" where rua is sound,
        // else apply no DMARC. A missing p is none of these: §4.7 reads it as p=none.
        boolean broken = tags.isBroken("p", p) || tags.isBroken("sp", sp) || tags.isBroken("np", np);
        this.applicable = !broken || !aggregateReportUris.isEmpty();
        this.policy = broken ? Disposition.NONE : p.orElse(Disposition.NONE);
        // RFC 9989 §4.7: np falls back to sp, sp to p.
        this.subdomainPolicy = broken ? Disposition.NONE : sp.orElse(policy);
        this.absentSubdomainPolicy = broken ? Disposition.NONE : np.orElse(subdomainPolicy);
        this.psd = tags.publicSuffixFlag();
        this.testing = tags.testing();
        this.dkimAlignment = tags.alignment("adkim");
        this.spfAlignment = tags.alignment("aspf");
        // RFC 9989 §4.7: fo "MUST be ignored if a ruf tag is not also specified".
        Set<FailureOption> fo = tags.failureOptions();
        this.failureOptions = failureReportUris.isEmpty() ? Set.of(FailureOption.ALL) : fo;
        this.percent = tags.number("pct", 100, 100);
        this.reportInterval = tags.number("ri", Integer.MAX_VALUE, 86_400);
        tags.noteUnknown();
        if (broken) {
            tags.note(applicable
                    ? "with a broken policy and a sound rua the record counts as p=none"
                    : "with a broken policy and no sound rua receivers apply no DMARC");
        }
        this.problems = tags.problems();
    }

    /**
     * Reads a TXT record, one char per octet.
     *
     * @return empty for a text that is no DMARC record, which RFC 9989 §4.7 wants ignored as a whole
     */
    public static Optional<DmarcRecord> parse(String text) {
        return DmarcTags.read(text).map(tags -> new DmarcRecord(text, tags));
    }

    /** The record as published, one char per octet. */
    public String text() {
        return text;
    }

    /** All tags in the order of the record, unknown ones too: names in lower case, values as published. */
    public Map<String, String> tags() {
        return tags;
    }

    /** What a tag of this record comes to, for people; {@code tag} in lower case. */
    public String meaning(String tag) {
        return TagMeaning.of(tag, this);
    }

    /** What the domain's owner should mend, for humans; at most 20. */
    public List<String> problems() {
        return problems;
    }

    /** Whether there is anything to apply: not so where a policy is broken and rua is missing (RFC 9989 §4.10.1). */
    public boolean applicable() {
        return applicable;
    }

    /** p: for mail of the very domain that publishes the record. */
    public Disposition policy() {
        return policy;
    }

    /** sp where {@code exists}, else np: for mail of a domain below the one that publishes the record. */
    public Disposition subdomainPolicy(boolean exists) {
        return exists ? subdomainPolicy : absentSubdomainPolicy;
    }

    public PublicSuffixFlag psd() {
        return psd;
    }

    /** t=y: the owner is testing, and expects one level less than the policy says. */
    public boolean testing() {
        return testing;
    }

    /** adkim. */
    public AlignmentMode dkimAlignment() {
        return dkimAlignment;
    }

    /** aspf. */
    public AlignmentMode spfAlignment() {
        return spfAlignment;
    }

    /** fo; {@link FailureOption#ALL} where no ruf gives it a meaning. */
    public Set<FailureOption> failureOptions() {
        return failureOptions;
    }

    /** rua: the sound URIs, without the size limit that RFC 9989 §4.8 tells to ignore. */
    public List<String> aggregateReportUris() {
        return aggregateReportUris;
    }

    /** ruf: the sound URIs, without a size limit. */
    public List<String> failureReportUris() {
        return failureReportUris;
    }

    /** pct: the share of failing messages, 0 to 100, that the policy is asked for. Obsolete, and still published. */
    public int percent() {
        return percent;
    }

    /** ri: seconds between aggregate reports. Obsolete (RFC 9989 §9.3); read for display only. */
    public int reportInterval() {
        return reportInterval;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DmarcRecord that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
