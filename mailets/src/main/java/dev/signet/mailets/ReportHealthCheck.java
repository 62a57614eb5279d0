// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import dev.signet.store.RecorderState;
import org.apache.james.core.healthcheck.ComponentName;
import org.apache.james.core.healthcheck.HealthCheck;
import org.apache.james.core.healthcheck.Result;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

import jakarta.inject.Inject;

/**
 * Tells James whether what DMARC finds can be recorded: unhealthy while the journal cannot be written, as on a full disk,
 * or anything was lost within the last minutes, and degraded
 * while the database cannot be had and the journal grows, or has refused messages.
 *
 * <p>In {@code conf/healthcheck.properties}:
 *
 * <pre>{@code additional.healthchecks=dev.signet.mailets.ReportHealthCheck}</pre>
 */
public final class ReportHealthCheck implements HealthCheck {

    private static final ComponentName NAME = new ComponentName("Signet reports");

    private final Signet signet;

    @Inject
    public ReportHealthCheck(Signet signet) {
        this.signet = signet;
    }

    @Override
    public ComponentName componentName() {
        return NAME;
    }

    @Override
    public Publisher<Result> check() {
        return Mono.fromSupplier(() -> signet.reporting().map(Reporting::state).map(ReportHealthCheck::result).orElse(Result.healthy(NAME)));
    }

    private static Result result(RecorderState state) {
        return switch (state) {
            case RecorderState.Sound() -> Result.healthy(NAME);
            case RecorderState.Behind(String why) -> Result.degraded(NAME, "what DMARC finds waits in the journal: " + why);
            case RecorderState.Refused(String why) -> Result.degraded(NAME, "the database refused messages, which are set aside: " + why);
            case RecorderState.Failing(String why) -> Result.unhealthy(NAME, "what DMARC finds is not recorded: " + why);
        };
    }
}
