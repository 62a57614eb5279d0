// SPDX-License-Identifier: Apache-2.0
package dev.signet.sending;

import dev.signet.report.ReportDestination;

import java.util.Optional;

/** Addresses that get nothing from us for now, since what we sent them came back. */
interface Suppression {

    /** Empty where nothing is known against it. */
    Optional<String> reasonAgainst(ReportDestination.Allowed to);
}
