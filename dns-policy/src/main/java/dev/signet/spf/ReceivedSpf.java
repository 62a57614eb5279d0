// SPDX-License-Identifier: Apache-2.0
package dev.signet.spf;

import dev.signet.message.HeaderField;
import dev.signet.message.HiddenFields;

/** The field {@code Received-SPF} (RFC 7208 §9.1): written, and recognized. */
public final class ReceivedSpf {

    /** The name of the field. */
    public static final String NAME = "Received-SPF";

    // Long enough for a domain name; nobody needs more of a stranger's local part or HELO.
    private static final int MAX_VALUE = 255;

    private ReceivedSpf() {}

    /**
     * The field for a result.
     *
     * @param receiver the name of the host that did the check
     * @return folded with CRLF; whatever the client sent stands in it only as printable ASCII between quotes
     */
    public static HeaderField of(SpfResult result, SpfRequest request, String receiver) {
        StringBuilder body = new StringBuilder(256).append(' ').append(result.state().word());
        body.append("\r\n (").append(comment(receiver + ": " + result.reason())).append(')');
        pair(body, "client-ip", ClientAddress.readable(request.ip()));
        pair(body, "envelope-from", request.mailFrom());
        pair(body, "helo", request.helo());
        pair(body, "receiver", receiver);
        pair(body, "identity", result.identity().word());
        if (result.mechanism() != null) {
            pair(body, "mechanism", result.mechanism());
        }
        switch (result.state()) {
            case TEMPERROR, PERMERROR -> pair(body, "problem", result.reason());
            case NONE, NEUTRAL, PASS, FAIL, SOFTFAIL -> {}
        }
        body.setLength(body.length() - 1);
        return HeaderField.of(NAME, body.toString());
    }

    /**
     * Whether a field could be taken for one that we wrote: such a field that came from outside is forged and must go before anyone
     * reads it. Left alone is a field that names another receiver, in a way that no reader takes for ours.
     *
     * @param field any field; one of another name claims nothing unless some reader sees a Received-SPF field in it
     * @param receiver our name, with A-labels
     */
    public static boolean claims(HeaderField field, String receiver) {
        if (field.nameIs(NAME) && ReceivedSpfClaim.isMade(field.body(), receiver)) {
            return true;
        }
        for (String body : HiddenFields.find(field, NAME)) {
            if (ReceivedSpfClaim.isMade(body, receiver)) {
                return true;
            }
        }
        return false;
    }

    private static void pair(StringBuilder body, String key, String value) {
        body.append("\r\n ").append(key).append('=');
        String text = Printable.cut(value, MAX_VALUE);
        if (isDotAtom(text)) {
            body.append(text);
        } else {
            body.append('"').append(text.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
        }
        body.append(';');
    }

    /** RFC 5322 §3.2.3. */
    private static boolean isDotAtom(String text) {
        boolean dot = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letterOrDigit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!letterOrDigit && "!#$%&'*+-/=?^_`{|}~".indexOf(c) < 0 && (c != '.' || dot)) {
                return false;
            }
            dot = c == '.';
        }
        return !dot;
    }

    private static String comment(String text) {
        return Printable.cut(text, MAX_VALUE).replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)");
    }
}
