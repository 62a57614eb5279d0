// SPDX-License-Identifier: Apache-2.0
package dev.signet.senderid;

import dev.signet.spf.RecordSelector;
import dev.signet.spf.SpfResult.State;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a record of Sender ID speaks about (RFC 4406 §3.1). */
public enum SenderIdScope {

    /** The purported responsible address. */
    PRA("pra"),

    /** The reverse-path, as SPF has it. */
    MAIL_FROM("mfrom");

    private final String id;

    SenderIdScope(String id) {
        this.id = id;
    }

    /** The scope-id that stands in records. */
    public String id() {
        return id;
    }

    /**
     * Picks records of this scope.
     *
     * @param spf1StandsIn whether {@code v=spf1} stands for both scopes where no record names this one (RFC 4406 §3.4)
     */
    RecordSelector selector(boolean spf1StandsIn) {
        return new RecordSelector() {
            @Override
            public Selection select(List<String> txtRecords) {
                return SenderIdScope.this.select(txtRecords, spf1StandsIn);
            }

            @Override
            public State nonexistentDomain() {
                return switch (SenderIdScope.this) {
                    // RFC 4406 §4.3: "When performing the PRA version of the test, if the DNS query returns "non-existent domain"
                    // (RCODE 3), then check_host() exits immediately with the result "Fail"": thus an include of one does not match.
                    case PRA -> State.FAIL;
                    case MAIL_FROM -> State.NONE;
                };
            }
        };
    }

    /** RFC 4406 §4.4, after which {@code spf2} goes before {@code v=spf1}. */
    private RecordSelector.Selection select(List<String> txtRecords, boolean spf1StandsIn) {
        List<String> terms = new ArrayList<>(1);
        for (String txt : txtRecords) {
            int end = txt.indexOf(' ') < 0 ? txt.length() : txt.indexOf(' ');
            if (covers(txt.substring(0, end).toLowerCase(Locale.ROOT))) {
                terms.add(txt.substring(end));
            }
        }
        return switch (terms.size()) {
            case 0 -> spf1StandsIn ? RecordSelector.spf1(txtRecords) : new RecordSelector.Selection.None();
            case 1 -> new RecordSelector.Selection.One(terms.getFirst());
            default -> new RecordSelector.Selection.TooMany(terms.size() + " records for the scope " + id);
        };
    }

    /** {@code "spf2." 1*DIGIT "/" scope-id *( "," scope-id )}; the minor version must be there, but means nothing (§4.4). */
    private boolean covers(String version) {
        int slash = version.indexOf('/');
        if (!version.startsWith("spf2.") || slash <= "spf2.".length()) {
            return false;
        }
        boolean digits = version.substring("spf2.".length(), slash).chars().allMatch(c -> c >= '0' && c <= '9');
        List<String> scopes = Arrays.asList(version.substring(slash + 1).split(",", -1));
        return digits && scopes.contains(id) && scopes.stream().allMatch(SenderIdScope::isScopeId);
    }

    /** {@code ALPHA *( ALPHA / DIGIT / "-" / "_" / "." )}, in lower case. */
    private static boolean isScopeId(String text) {
        return !text.isEmpty()
                && text.charAt(0) >= 'a'
                && text.charAt(0) <= 'z'
                && text.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || "-_.".indexOf(c) >= 0);
    }
}
