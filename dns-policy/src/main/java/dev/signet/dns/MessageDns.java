// SPDX-License-Identifier: Apache-2.0
package dev.signet.dns;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The DNS as one message sees it: the same question is asked once, there is a limit on how many are asked, and at one
 * deadline all answers are there. What one hostile message can make us ask, and how long it can make us wait, ends here.
 *
 * <p>Safe for many threads. Needs no closing.
 */
public final class MessageDns implements Dns {

    private record Question(DomainName name, RecordType<?> type) {}

    private final Dns dns;
    private final int maxQueries;
    private final Duration timeout;
    private final long startNanos;
    private final Map<Question, CompletableFuture<?>> asked;
    private final AtomicInteger queries = new AtomicInteger();

    /**
     * Starts the clock.
     *
     * @param dns asked at most once for each name and type
     * @param maxQueries different questions that may be asked; further ones are temporary failures
     * @param timeout from now until every future of this view is complete, those of questions not yet asked included
     */
    public MessageDns(Dns dns, int maxQueries, Duration timeout) {
        this(dns, maxQueries, timeout, System.nanoTime(), new ConcurrentHashMap<>());
    }

    private MessageDns(Dns dns, int maxQueries, Duration timeout, long startNanos, Map<Question, CompletableFuture<?>> asked) {
        this.dns = dns;
        this.maxQueries = maxQueries;
        this.timeout = timeout;
        this.startNanos = startNanos;
        this.asked = asked;
    }

    /**
     * A view of the same message, with the same answers and the same deadline, but a budget of its own: what a hostile domain
     * makes one protocol ask cannot leave another protocol without an answer.
     *
     * @param queries different questions that may be asked through the new view, besides those that were asked already
     */
    public MessageDns withBudget(int queries) {
        return new MessageDns(dns, queries, timeout, startNanos, asked);
    }

    @Override
    @SuppressWarnings("unchecked") // A question's type is that of its answer.
    public <T> CompletableFuture<DnsAnswer<T>> lookup(DomainName name, RecordType<T> type) {
        // What one view has no budget for is not an answer to the question, and another view may still ask it.
        CompletableFuture<?> answer = asked.computeIfAbsent(new Question(name, type), question -> withinBudget(name, type));
        if (answer == null) {
            return CompletableFuture.completedFuture(new DnsAnswer.TempFailure<>("query budget of " + maxQueries + " exhausted"));
        }
        // A copy of what is still open: a caller who cancels or completes its own future must not answer for the others.
        return answer.isDone() ? (CompletableFuture<DnsAnswer<T>>) answer : ((CompletableFuture<DnsAnswer<T>>) answer).copy();
    }

    /** How many different questions this view passed on, not counting what came after the budget or the deadline. */
    public int queries() {
        return queries.get();
    }

    /** The time until the deadline; never negative. */
    public Duration remaining() {
        Duration left = timeout.minusNanos(System.nanoTime() - startNanos);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private <T> @Nullable CompletableFuture<DnsAnswer<T>> withinBudget(DomainName name, RecordType<T> type) {
        Duration left = remaining();
        if (left.isZero()) {
            return CompletableFuture.completedFuture(late());
        }
        if (queries.getAndUpdate(count -> Math.min(count + 1, maxQueries)) >= maxQueries) {
            return null;
        }
        CompletableFuture<DnsAnswer<T>> answer = ask(name, type);
        if (answer.isDone()) {
            // From a cache: no timer, and no other thread that would cost more than everything else.
            return answer;
        }
        return answer.copy()
                .orTimeout(left.toNanos(), TimeUnit.NANOSECONDS)
                .exceptionallyAsync(trouble -> {
                    if (trouble instanceof TimeoutException) {
                        return late();
                    }
                    throw trouble instanceof CompletionException wrapped ? wrapped : new CompletionException(trouble);
                });
    }

    /** Who throws breaks the contract of {@link Dns}: a surprise for whoever needs this answer, and for nobody else. */
    private <T> CompletableFuture<DnsAnswer<T>> ask(DomainName name, RecordType<T> type) {
        try {
            return dns.lookup(name, type);
        } catch (RuntimeException surprise) {
            return CompletableFuture.failedFuture(surprise);
        }
    }

    private <T> DnsAnswer<T> late() {
        return new DnsAnswer.TempFailure<>("no answer within " + Seconds.of(timeout));
    }
}
