// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

/** Where one URI of rua or ruf leads. */
public sealed interface ReportDestination {

    /** The URI as the domain's owner published it. */
    String uri();

    /**
     * A report may go there.
     *
     * @param address of mail, ASCII
     * @param why for humans: the same organization, or the record that says so
     */
    record Allowed(String uri, String address, String why) implements ReportDestination {}

    /** A report must not go there. */
    record Refused(String uri, String reason) implements ReportDestination {}

    /** The DNS did not say; to be asked again later. */
    record Later(String uri, String cause) implements ReportDestination {}
}
