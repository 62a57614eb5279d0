// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets.list;

import dev.signet.message.HeaderBlock;
import dev.signet.message.HeaderField;

import jakarta.mail.internet.ContentDisposition;
import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.ParseException;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What the header says of the content (RFC 2045).
 *
 * @param type such as {@code text/plain}, in lower case
 * @param charset as it is named; us-ascii where nothing is said
 * @param boundary of a multipart; empty where there is none
 * @param flowed whether lines may be joined (RFC 3676)
 * @param encoding the transfer encoding in lower case; 7bit where nothing is said
 * @param attachment whether it is to be saved and not shown
 */
record Content(String type, String charset, String boundary, boolean flowed, String encoding, boolean attachment) {

    private static final Set<String> WHOLE = Set.of(
            "multipart/signed", "multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp",
            "message/partial");

    /** Empty where two readers could read two different things: a field twice, or one that is no sound Content-Type. */
    static Optional<Content> of(HeaderBlock header) {
        List<HeaderField> types = header.all("Content-Type");
        List<HeaderField> encodings = header.all("Content-Transfer-Encoding");
        List<HeaderField> dispositions = header.all("Content-Disposition");
        if (types.size() > 1 || encodings.size() > 1 || dispositions.size() > 1) {
            return Optional.empty();
        }
        try {
            ContentType type = types.isEmpty() ? new ContentType("text", "plain", null) : new ContentType(types.getFirst().unfolded());
            return Optional.of(new Content(
                    type.getBaseType().toLowerCase(Locale.ROOT),
                    parameter(type, "charset", "us-ascii"),
                    parameter(type, "boundary", ""),
                    parameter(type, "format", "").equalsIgnoreCase("flowed"),
                    encodings.isEmpty() ? "7bit" : encodings.getFirst().unfolded().toLowerCase(Locale.ROOT),
                    !dispositions.isEmpty() && isAttachment(dispositions.getFirst())));
        } catch (ParseException e) {
            return Optional.empty();
        }
    }

    /**
     * Signed or encrypted (RFC 1847, RFC 8551 §3.2), or a piece of something: whatever is changed in it, or added beside it, spoils
     * it for its reader.
     */
    boolean mustStayWhole() {
        return WHOLE.contains(type);
    }

    private static boolean isAttachment(HeaderField field) throws ParseException {
        return !"inline".equalsIgnoreCase(new ContentDisposition(field.unfolded()).getDisposition());
    }

    private static String parameter(ContentType type, String name, String otherwise) {
        String value = type.getParameter(name);
        return value == null ? otherwise : value;
    }
}
