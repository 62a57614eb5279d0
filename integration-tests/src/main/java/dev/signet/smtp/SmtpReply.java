// SPDX-License-Identifier: Apache-2.0
package dev.signet.smtp;

import java.util.List;

/**
 * What a server answered to one command (RFC 5321 §4.2).
 *
 * @param code three digits; the first is 2 or 3 where all is well
 * @param lines the text of each line, without the code
 */
public record SmtpReply(int code, List<String> lines) {

    public SmtpReply {
        lines = List.copyOf(lines);
    }

    /** Whether the server did what it was asked to, or waits for more. */
    public boolean isPositive() {
        return code < 400;
    }

    @Override
    public String toString() {
        return code + " " + String.join(" / ", lines);
    }
}
