// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import dev.signet.dns.Dns;
import dev.signet.dns.DnsAnswer;
import dev.signet.dns.DomainName;
import dev.signet.dns.RecordType;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Answers nothing until it is told to: what it was asked before that was asked at once. */
final class PendingDns implements Dns {

    private final Dns answers;
    private final List<String> asked = new ArrayList<>();
    private final List<Runnable> held = new ArrayList<>();

    PendingDns(Dns answers) {
        this.answers = answers;
    }

    @Override
    public <T> CompletableFuture<DnsAnswer<T>> lookup(DomainName name, RecordType<T> type) {
        asked.add(type + " " + name);
        CompletableFuture<DnsAnswer<T>> answer = new CompletableFuture<>();
        held.add(() -> answer.complete(answers.lookup(name, type).join()));
        return answer;
    }

    List<String> asked() {
        return List.copyOf(asked);
    }

    /** Answers what was asked so far, the last question first. */
    void answer() {
        List<Runnable> now = List.copyOf(held.reversed());
        held.clear();
        now.forEach(Runnable::run);
    }
}
