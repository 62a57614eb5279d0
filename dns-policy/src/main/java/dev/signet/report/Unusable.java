// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import java.io.IOException;
import java.io.Serial;

/**
 * Carries the reason out of the depths of a reader; an IOException, so that it comes through an XML parser from the stream below.
 * Never leaves the package.
 */
final class Unusable extends IOException {

    @Serial
    private static final long serialVersionUID = 1;

    private final ReadReport.Reason reason;

    Unusable(ReadReport.Reason reason, String detail) {
        super(ReportMail.line(detail));
        this.reason = reason;
    }

    ReadReport.Unreadable result() {
        return new ReadReport.Unreadable(reason, String.valueOf(getMessage()));
    }
}
