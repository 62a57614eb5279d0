// SPDX-License-Identifier: Apache-2.0
package dev.signet.benchmark;

import org.apache.james.jspf.core.DNSRequest;
import org.apache.james.jspf.core.DNSService;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** {@link SpfZone} in jSPF's own terms. */
final class JspfZone implements DNSService {

    private static final Map<String, List<String>> TXT = Map.of(
            "example.com", List.of("v=spf1 include:one.example.com include:two.example.com include:three.example.com mx a -all"),
            "one.example.com", List.of("v=spf1 include:four.example.com ~all"),
            "two.example.com", List.of("v=spf1 include:five.example.com ~all"),
            "three.example.com", List.of("v=spf1 include:six.example.com ~all"),
            "four.example.com", List.of("v=spf1 ip4:198.51.100.0/26 ~all"),
            "five.example.com", List.of("v=spf1 ip4:198.51.100.64/26 ~all"),
            "six.example.com", List.of("v=spf1 ip4:198.51.100.128/26 ~all"));
    private static final Map<String, List<String>> A = Map.of(
            "example.com", List.of("192.0.2.77"), "mx1.example.com", List.of("192.0.2.11"), "mx2.example.com", List.of("192.0.2.12"));

    @Override
    public @Nullable List<String> getRecords(DNSRequest asked) {
        List<String> known = known(asked);
        // jSPF sorts out what it is given, in place.
        return known == null ? null : new ArrayList<>(known);
    }

    private static @Nullable List<String> known(DNSRequest asked) {
        return switch (asked.getRecordType()) {
            case DNSRequest.TXT -> TXT.get(asked.getHostname());
            case DNSRequest.A -> A.get(asked.getHostname());
            case DNSRequest.MX -> asked.getHostname().equals("example.com") ? List.of("mx1.example.com", "mx2.example.com") : null;
            default -> null;
        };
    }

    @Override
    public CompletionStage<List<String>> getRecordsAsync(DNSRequest asked) {
        return CompletableFuture.completedFuture(getRecords(asked));
    }

    @Override
    public List<String> getLocalDomainNames() {
        return List.of();
    }

    @Override
    public void setTimeOut(int seconds) {}

    @Override
    public int getRecordLimit() {
        return 10;
    }

    @Override
    public void setRecordLimit(int limit) {}
}
