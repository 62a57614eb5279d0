// SPDX-License-Identifier: Apache-2.0
package dev.signet.iprev;

import com.google.common.net.InetAddresses;
import dev.signet.authres.MethodResult;
import dev.signet.authres.PropertyType;
import dev.signet.dns.DomainName;
import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.Locale;

/**
 * What the DNS says about the name of a client.
 *
 * @param ip whose name it is
 * @param name the first name that leads back to the address; null unless the state is pass, because anybody can claim any name
 * @param reason for humans, printable ASCII
 */
public record IpRevResult(State state, InetAddress ip, @Nullable DomainName name, String reason) {

    /** The results of RFC 8601 §2.7.3. */
    public enum State {
        /** A name of the address has the address. */
        PASS,
        /** The address has names, and none of them has the address. */
        FAIL,
        /** The DNS gave no answer; a later try may have another result. */
        TEMPERROR,
        /** The address has no name. */
        PERMERROR;

        private final String word = name().toLowerCase(Locale.ROOT);

        /** The word of RFC 8601, as it stands in header fields. */
        public String word() {
            return word;
        }
    }

    /** As Authentication-Results says it (RFC 8601 §2.7.3). */
    public MethodResult methodResult() {
        MethodResult result = MethodResult.of("iprev", state.word());
        result = name == null ? result.withReason(reason) : result.withComment(name.ascii());
        return result.withProperty(PropertyType.POLICY, "iprev", InetAddresses.toAddrString(ip));
    }
}
