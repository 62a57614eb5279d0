// SPDX-License-Identifier: Apache-2.0
package dev.signet.spf;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * A sound record (RFC 7208 §4.6).
 *
 * @param directives in the order of the record
 * @param redirect null where there is none, or where an "all" makes it void
 * @param exp null where there is none
 */
record SpfRecord(List<Term.Directive> directives, @Nullable MacroString redirect, @Nullable MacroString exp) {

    SpfRecord {
        directives = List.copyOf(directives);
    }

    /** What became of a text. */
    sealed interface Parse {

        /** A record by the grammar. */
        record Sound(SpfRecord record) implements Parse {}

        /** No record by the grammar; the reason is for humans. */
        record Malformed(String reason) implements Parse {}
    }

    /**
     * Reads what stands behind the version. The whole record is read before any of it counts: RFC 7208 §4.6, "if there are any
     * syntax errors anywhere in the record, check_host() returns immediately with the result "permerror"".
     */
    static Parse parse(String terms) {
        List<Term.Directive> directives = new ArrayList<>();
        MacroString redirect = null;
        MacroString exp = null;
        boolean all = false;
        int start = 0;
        while (start < terms.length()) {
            int space = terms.indexOf(' ', start);
            int end = space < 0 ? terms.length() : space;
            if (end > start) {
                switch (TermParser.parse(terms.substring(start, end))) {
                    case Term.Directive directive -> {
                        directives.add(directive);
                        all |= directive.mechanism() instanceof Mechanism.All;
                    }
                    // RFC 7208 §6: "MUST NOT appear in a record more than once each".
                    case Term.Redirect(MacroString domain) -> {
                        if (redirect != null) {
                            return new Parse.Malformed("redirect= occurs twice");
                        }
                        redirect = domain;
                    }
                    case Term.Exp(MacroString domain) -> {
                        if (exp != null) {
                            return new Parse.Malformed("exp= occurs twice");
                        }
                        exp = domain;
                    }
                    case Term.UnknownModifier unknown -> {}
                    case Term.Malformed(String reason) -> {
                        return new Parse.Malformed(reason);
                    }
                }
            }
            start = end + 1;
        }
        // RFC 7208 §5.1 and §6.1: a redirect is ignored where there is an "all" anywhere in the record.
        return new Parse.Sound(new SpfRecord(directives, all ? null : redirect, exp));
    }
}
