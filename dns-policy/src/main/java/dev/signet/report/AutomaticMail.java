// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import dev.signet.message.HeaderBlock;
import dev.signet.message.HeaderField;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Tells mail that no failure report may be sent about: mail of machines. Two of them that report on each other's reports would never
 * stop (RFC 9991 §5.1), and a bounce of a report is not to be answered by another.
 */
public final class AutomaticMail {

    // Where nobody reads what comes back. Who forges such an address is told of in the aggregate report.
    private static final Set<String> UNATTENDED = Set.of("mailerdaemon", "noreply", "donotreply");
    // What autoresponders say that know no Auto-Submitted. A list's mail is of people: RFC 9991 has a report about it, Appendix B.
    private static final Set<String> UNATTENDED_PRECEDENCE = Set.of("bulk", "junk");

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
        if (UNATTENDED.contains(person(mailFrom))) {
            return Optional.of("an unattended sender");
        }
        if (header.overLimit().isPresent()) {
            return header.overLimit();
        }
        // RFC 3834 §5: anything but "no".
        if (values(header, "Auto-Submitted").stream().anyMatch(value -> !value.replaceFirst("[\\s;(].*$", "").equals("no"))) {
            return Optional.of("Auto-Submitted");
        }
        if (values(header, "Precedence").stream().anyMatch(value -> UNATTENDED_PRECEDENCE.contains(value.strip()))) {
            return Optional.of("Precedence");
        }
        String type = header.first("Content-Type").map(HeaderField::unfolded).orElse("");
        String subject = header.first("Subject").map(HeaderField::unfolded).orElse("");
        // RFC 6522: a bounce, whoever sends it. RFC 9990 §3.5.2: aggregate reports, which old software sends without Auto-Submitted.
        return type.toLowerCase(Locale.ROOT).startsWith("multipart/report") || ReportKind.isReport(subject, type)
                ? Optional.of("a report")
                : Optional.empty();
    }

    /** The local part in the one spelling by which it is compared: without a subaddress, case and punctuation. */
    private static String person(String address) {
        String local = address.replaceFirst("@[^@]*$", "").replaceFirst("\\+.*$", "");
        return local.toLowerCase(Locale.ROOT).replaceAll("[-_.]", "");
    }

    private static List<String> values(HeaderBlock header, String name) {
        return header.all(name).stream().map(HeaderField::unfolded).map(value -> value.toLowerCase(Locale.ROOT)).toList();
    }
}
