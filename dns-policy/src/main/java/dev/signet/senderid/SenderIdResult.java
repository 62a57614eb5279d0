// SPDX-License-Identifier: Apache-2.0
package dev.signet.senderid;

import dev.signet.authres.MethodResult;
import dev.signet.authres.PropertyType;
import dev.signet.dns.DomainName;
import dev.signet.message.Utf8;
import dev.signet.spf.SpfResult.State;
import org.jspecify.annotations.Nullable;

/**
 * What Sender ID says about a message or its reverse-path. The states are those of SPF (RFC 4406 §4.2).
 *
 * @param sender the address that was checked, as text: the purported responsible address, or the reverse-path; null where the
 *     message is ill-formed
 * @param field the field that has the address, in lower case; null for the scope of the reverse-path, and where ill-formed
 * @param domain the domain that was checked; null where there is none
 * @param reason for humans, printable ASCII
 */
public record SenderIdResult(
        SenderIdScope scope,
        State state,
        @Nullable String sender,
        @Nullable String field,
        @Nullable DomainName domain,
        String reason) {

    /** As Authentication-Results says it (RFC 8601 §2.7.2). */
    public MethodResult methodResult() {
        MethodResult result = MethodResult.of("sender-id", state.word());
        if (state != State.PASS) {
            result = result.withReason(reason);
        }
        if (sender == null) {
            return result;
        }
        return switch (scope) {
            case PRA -> field == null ? result : result.withProperty(PropertyType.HEADER, field, Utf8.encode(sender));
            case MAIL_FROM -> result.withProperty(PropertyType.SMTP, "mailfrom", Utf8.encode(sender));
        };
    }
}
