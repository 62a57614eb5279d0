// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import dev.signet.message.HeaderBlock;
import dev.signet.message.HeaderField;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Tells mail that no failure report may be sent about: mail of machines. Two of them that report on each other's reports would never
 * stop (RFC 9991 §5.1), and a bounce of a report is not to be answered by another.
 */
public final class AutomaticMail {

    private AutomaticMail() {}

    /**
     * Why a message is such mail.
     *
     * @param mailFrom the address of MAIL FROM; empty for the null sender
     * @return for humans; empty for what may be written by somebody
     */
    public static Optional<String> reason(HeaderBlock header, String mailFrom) {
        if (mailFrom.isEmpty()) {
            // RFC 3834 §2: whatever has the null sender is answered by nobody.
            return Optional.of("a null sender");
        }
        if (header.overLimit().isPresent()) {
            return header.overLimit();
        }
        // RFC 3834 §5: anything but "no".
        if (values(header, "Auto-Submitted").stream().anyMatch(value -> !value.replaceFirst("[\\s;(].*$", "").equals("no"))) {
            return Optional.of("Auto-Submitted");
        }
        String type = header.first("Content-Type").map(HeaderField::unfolded).orElse("");
        String subject = header.first("Subject").map(HeaderField::unfolded).orElse("");
        // RFC 6522: a bounce, whoever sends it. RFC 9990 §3.5.2: aggregate reports, which old software sends without Auto-Submitted.
        return type.toLowerCase(Locale.ROOT).startsWith("multipart/report") || ReportKind.isReport(subject, type)
                ? Optional.of("a report")
                : Optional.empty();
    }

    private static List<String> values(HeaderBlock header, String name) {
        return header.all(name).stream().map(HeaderField::unfolded).map(value -> value.toLowerCase(Locale.ROOT)).toList();
    }
}
