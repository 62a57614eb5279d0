// SPDX-License-Identifier: Apache-2.0
package dev.signet.sending;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells a mail that was returned from one that is late, from a vacation notice, and from talk. That it is about a mail of ours is
 * known by where it came to, so the fields of its status part (RFC 3464) are all that is looked for.
 */
public final class ReturnedMail {

    // The status part comes before what is returned.
    private static final int MAX_BYTES = 256 * 1024;
    private static final int MAX_REASON = 300;

    private static final Pattern REPORT_TYPE = Pattern.compile("report-type\\s*=\\s*\"?delivery-status", Pattern.CASE_INSENSITIVE);
    private static final Pattern ACTION = Pattern.compile("^action:\\s*(\\w+)", Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);
    private static final Pattern STATUS = Pattern.compile("^status:\\s*([245])\\.\\d{1,3}\\.\\d{1,3}", Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);
    private static final Pattern DIAGNOSTIC = Pattern.compile("^diagnostic-code:\\s*(.*)", Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);

    private ReturnedMail() {}

    /**
     * Why a mail was returned for good.
     *
     * @param message read up to its first 256 KB
     * @return empty where it was not: a delay, a success, or no delivery status at all
     */
    public static Optional<String> permanentFailure(InputStream message) throws IOException {
        String text = new String(message.readNBytes(MAX_BYTES), StandardCharsets.ISO_8859_1).replace("\r\n", "\n");
        if (!REPORT_TYPE.matcher(text).find()) {
            return Optional.empty();
        }
        Matcher action = ACTION.matcher(text);
        if (!action.find() || !action.group(1).toLowerCase(Locale.ROOT).equals("failed")) {
            return Optional.empty();
        }
        Matcher status = STATUS.matcher(text);
        // RFC 3464 §2.3.4: a failure by a 4.x.x status is one that others gave up on, such as a server that was down for days.
        if (status.find() && !status.group(1).equals("5")) {
            return Optional.empty();
        }
        Matcher diagnostic = DIAGNOSTIC.matcher(text);
        String reason = diagnostic.find() ? diagnostic.group(1) : "no reason given";
        return Optional.of(Sql.printable(reason, MAX_REASON));
    }
}
