// SPDX-License-Identifier: Apache-2.0
package dev.signet.sending;

import dev.signet.report.ReportDestination;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What becomes of one report. */
sealed interface ReportDecision {

    /** For people. */
    String line();

    /** Nobody gets it. */
    record Nothing(String reason) implements ReportDecision {

        @Override
        public String line() {
            return "none, " + reason;
        }
    }

    /**
     * Somebody may get it.
     *
     * @param to who does, each address once
     * @param refused who does not, and why
     * @param later where the DNS has to be asked again
     */
    record Send(
            List<ReportDestination.Allowed> to,
            List<ReportDestination.Refused> refused,
            List<ReportDestination.Later> later) implements ReportDecision {

        public Send {
            to = List.copyOf(to);
            refused = List.copyOf(refused);
            later = List.copyOf(later);
        }

        /** Who does not get it, or not yet, for people. */
        List<String> others() {
            return Stream.concat(
                            refused.stream().map(no -> "not to " + no.uri() + ", " + no.reason()),
                            later.stream().map(unknown -> "not yet to " + unknown.uri() + ", the DNS does not say whether it may: " + unknown.cause()))
                    .toList();
        }

        @Override
        public String line() {
            String all = Stream.concat(to.stream().map(yes -> "to " + yes.address() + ", " + yes.why()), others().stream())
                    .collect(Collectors.joining("; "));
            return all.isEmpty() ? "none, the record names nobody" : all;
        }
    }
}
