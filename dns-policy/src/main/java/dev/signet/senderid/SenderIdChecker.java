// SPDX-License-Identifier: Apache-2.0
package dev.signet.senderid;

import dev.signet.dns.Dns;
import dev.signet.message.HeaderBlock;
import dev.signet.message.Mailbox;
import dev.signet.message.Utf8;
import dev.signet.spf.SpfChecker;
import dev.signet.spf.SpfIdentity;
import dev.signet.spf.SpfRequest;
import dev.signet.spf.SpfResult.State;

import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Checks messages by Sender ID (RFC 4406): SPF's language, other records. Safe for use by many threads. */
public final class SenderIdChecker {

    private final SpfChecker pra;
    private final SpfChecker mailFrom;

    /** Takes what {@link SpfChecker} takes. Included and redirected-to records are picked by the same scope. */
    public SenderIdChecker(SenderIdOptions options, Executor executor, InstantSource clock) {
        this.pra = checker(SenderIdScope.PRA, options, executor, clock);
        this.mailFrom = checker(SenderIdScope.MAIL_FROM, options, executor, clock);
    }

    private static SpfChecker checker(SenderIdScope scope, SenderIdOptions options, Executor executor, InstantSource clock) {
        return new SpfChecker(options.spf(), executor, clock, scope.selector(options.spf1StandsIn()));
    }

    /**
     * Checks the purported responsible address of a message.
     *
     * @param request the session; its reverse-path plays no part
     * @param dns as for {@link SpfChecker#check}
     */
    public CompletableFuture<SenderIdResult> checkMessage(SpfRequest request, HeaderBlock header, Dns dns) {
        return switch (PurportedResponsibleAddress.of(header)) {
            // RFC 8601 §2.7.2: permerror, "such as a required header field being absent".
            case PurportedResponsibleAddress.IllFormed(String reason) -> CompletableFuture.completedFuture(
                    new SenderIdResult(SenderIdScope.PRA, State.PERMERROR, null, null, null, reason));
            case PurportedResponsibleAddress.Found found -> check(request, found, dns);
        };
    }

    /** Checks the reverse-path of a message as {@link SpfChecker} does, with the records of Sender ID. */
    public CompletableFuture<SenderIdResult> checkMailFrom(SpfRequest request, Dns dns) {
        return mailFrom.check(request, SpfIdentity.MAIL_FROM, dns).thenApply(spf -> new SenderIdResult(
                SenderIdScope.MAIL_FROM, spf.state(), spf.sender(), null, spf.domain(), spf.reason()));
    }

    private CompletableFuture<SenderIdResult> check(SpfRequest request, PurportedResponsibleAddress.Found found, Dns dns) {
        Mailbox mailbox = found.mailbox();
        String local = Utf8.decode(mailbox.localPart()).orElse(mailbox.localPart());
        SpfRequest asSender = new SpfRequest(request.ip(), request.helo(), local + "@" + mailbox.domain());
        return pra.check(asSender, SpfIdentity.MAIL_FROM, dns).thenApply(spf -> new SenderIdResult(
                SenderIdScope.PRA, spf.state(), asSender.mailFrom(), found.field(), mailbox.domain(), spf.reason()));
    }
}
