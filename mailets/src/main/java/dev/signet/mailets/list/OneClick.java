// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets.list;

import dev.signet.message.HeaderField;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Unsubscribing with one click (RFC 8058). The address names the member, so every member's copy is one of its own.
 *
 * @param template an https URL with {@code {member}} in it, and {@code {token}}
 * @param secret makes tokens, of which nobody can make another member's
 * @param others of List-Unsubscribe, for programs that do not know RFC 8058
 */
public record OneClick(String template, String secret, List<String> others) {

    /** Where the member's address stands, percent-encoded. */
    public static final String MEMBER = "{member}";

    /** Where the token stands: HMAC-SHA256 of the address in lower case, keyed with the secret, in hexadecimal digits. */
    public static final String TOKEN = "{token}";

    public OneClick {
        others = List.copyOf(others);
    }

    /** The fields of one member's copy. RFC 8058 §3.1: one https URI, which a DKIM signature covers together with the other field. */
    public List<HeaderField> fields(String member) {
        String url = template
                .replace(MEMBER, URLEncoder.encode(member, StandardCharsets.UTF_8).replace("+", "%20"))
                .replace(TOKEN, token(member));
        return List.of(
                ListFields.command("List-Unsubscribe", Stream.concat(Stream.of(url), others.stream()).toList()),
                HeaderField.of("List-Unsubscribe-Post", " List-Unsubscribe=One-Click"));
    }

    private String token(String member) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(member.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "OneClick[" + template + "]";
    }
}
