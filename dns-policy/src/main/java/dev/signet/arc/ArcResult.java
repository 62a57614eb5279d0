// SPDX-License-Identifier: Apache-2.0
package dev.signet.arc;

import com.google.common.net.InetAddresses;
import dev.signet.authres.AuthenticationResults;
import dev.signet.authres.MethodResult;
import dev.signet.authres.PropertyType;
import dev.signet.dns.DomainName;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What became of the chain of one message.
 *
 * @param instances the highest instance that was found, 0 to 50
 * @param oldestPass for a pass: the oldest set whose signature still fits the message, as all after it do; 0 where all do (§5.2)
 * @param sealers for a pass: who sealed, the first sealer first. Empty otherwise: anybody can write a name into a broken chain
 * @param reason for humans
 */
public record ArcResult(ArcState state, int instances, int oldestPass, List<DomainName> sealers, String reason) {

    /** There is no chain. */
    public static final ArcResult NONE = new ArcResult(ArcState.NONE, 0, 0, List.of(), "the message has no ARC chain");

    private static final String METHOD = "arc";

    public ArcResult {
        sealers = List.copyOf(sealers);
    }

    /** What to answer where the check itself failed. */
    public static ArcResult surprised(String reason) {
        return new ArcResult(ArcState.TEMPERROR, 0, 0, List.of(), reason);
    }

    static ArcResult fail(int instances, String reason) {
        return new ArcResult(ArcState.FAIL, instances, 0, List.of(), reason);
    }

    /**
     * As Authentication-Results says it (§6, §10.2): {@code arc=pass (as.2.list.example=pass, as.1.forward.example=pass)
     * header.oldest-pass=0 smtp.remote-ip=192.0.2.1}.
     *
     * @param client who handed the message over, where that is known
     */
    public MethodResult methodResult(Optional<InetAddress> client) {
        MethodResult result = MethodResult.of(METHOD, state.toString());
        result = switch (state) {
            case NONE -> result;
            case PASS -> result.withComment(seals()).withProperty(PropertyType.HEADER, "oldest-pass", Integer.toString(oldestPass));
            // RFC 8617 has no word for the latter. RFC 8601 §2.7 says of words that a reader does not know: no result.
            case FAIL, TEMPERROR -> result.withReason(reason);
        };
        return client.isEmpty() ? result : result.withProperty(PropertyType.SMTP, "remote-ip", InetAddresses.toAddrString(client.get()));
    }

    /**
     * Which state a field that {@link #methodResult} went into tells; empty where it says nothing about a chain. The field must
     * be one of our own.
     */
    public static Optional<ArcState> stateIn(AuthenticationResults results) {
        return results.results().stream()
                .filter(result -> result.method().equals(METHOD))
                .findFirst()
                .flatMap(result -> Arrays.stream(ArcState.values())
                        .filter(state -> state.toString().equals(result.result()))
                        .findFirst());
    }

    private String seals() {
        return IntStream.rangeClosed(1, sealers.size())
                .map(i -> sealers.size() + 1 - i)
                .mapToObj(instance -> "as." + instance + "." + sealers.get(instance - 1) + "=pass")
                .collect(Collectors.joining(", "));
    }
}
