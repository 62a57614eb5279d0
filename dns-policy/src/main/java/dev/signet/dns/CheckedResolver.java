// SPDX-License-Identifier: Apache-2.0
package dev.signet.dns;

import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.Type;
import org.xbill.DNS.WireParseException;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A resolver whose replies can be believed to be answers: in time, whole, and to the question asked. All else is a
 * {@link FailedReply}, so that a resolver over several of these goes on to its next server.
 *
 * <p>dnsjava itself takes too much for an answer, and its releases differ: a reply that is still truncated over TCP, a
 * referral, records of other names and types. And its own time-outs depend on a selector thread which wakes up once a
 * second, and which an exception can end for good.
 */
final class CheckedResolver implements Resolver {

    private final Resolver resolver;
    private final String from;
    private final Duration limit;

    /**
     * @param server who is asked, for causes; empty if that is not known
     * @param limit for one reply, TCP after UDP included
     */
    CheckedResolver(Resolver resolver, String server, Duration limit) {
        this.resolver = resolver;
        this.from = server.isEmpty() ? "" : " from " + server;
        this.limit = limit;
    }

    @Override
    public CompletionStage<Message> sendAsync(Message query, Executor executor) {
        CompletableFuture<Message> answered = resolver.sendAsync(query, executor).toCompletableFuture();
        SelectorWakeup.until(answered);
        return answered.copy()
                .orTimeout(limit.toNanos(), TimeUnit.NANOSECONDS)
                // On the executor, as a time-out comes on a thread that all time-outs of the JVM share.
                .handleAsync((reply, trouble) -> {
                    if (trouble != null) {
                        throw failureOf(trouble);
                    }
                    return checked(query.getQuestion(), reply);
                }, executor);
    }

    private FailedReply failureOf(Throwable trouble) {
        Throwable cause = trouble;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        // Words of our own: the messages of these exceptions hold what the sender of the reply put into it.
        return new FailedReply(switch (cause) {
            case TimeoutException ignored -> "no answer" + from + " within " + Seconds.of(limit);
            case SocketTimeoutException ignored -> "no answer" + from + " within " + Seconds.of(limit);
            case WireParseException ignored -> "malformed reply" + from;
            case SocketException ignored -> "no connection" + (from.isEmpty() ? "" : " to" + from.substring(5));
            case IOException ignored -> "no answer" + from;
            // dnsjava stumbles over what it does not expect: 3.5 over a reply without a question, for one.
            case RuntimeException ignored -> "malformed reply" + from;
            default -> "no answer" + from + ", " + cause.getClass().getSimpleName();
        });
    }

    private Message checked(Record question, Message reply) {
        if (!reply.getHeader().getFlag(Flags.QR)) {
            throw new FailedReply("malformed reply" + from);
        }
        if (reply.getRcode() != Rcode.NOERROR && reply.getRcode() != Rcode.NXDOMAIN) {
            throw new FailedReply(Rcode.string(reply.getRcode()));
        }
        // SimpleResolver has asked again over TCP by now, so there is no way to the rest.
        if (reply.getHeader().getFlag(Flags.TC)) {
            throw new FailedReply("truncated reply" + from);
        }
        List<Record> answers = reply.getSection(Section.ANSWER);
        if (answers.isEmpty()) {
            // RFC 2308 §2.2: NS without SOA tells a referral from "no data": this server does not resolve for us.
            if (reply.getRcode() == Rcode.NOERROR && has(reply, Type.NS) && !has(reply, Type.SOA)) {
                throw new FailedReply("referral instead of an answer" + from);
            }
            return reply;
        }
        List<Record> chain = chain(question, answers);
        if (reply.getRcode() == Rcode.NXDOMAIN && chain.getLast().getType() == question.getType()) {
            throw new FailedReply("NXDOMAIN together with records" + from);
        }
        reply.removeAllRecords(Section.ANSWER);
        chain.forEach(record -> reply.addRecord(record, Section.ANSWER));
        return reply;
    }

    /** The records that answer the question, behind the CNAMEs that lead to them, in this order; nothing else. */
    private List<Record> chain(Record question, List<Record> answers) {
        List<Record> chain = new ArrayList<>();
        Name owner = question.getName();
        for (int cnames = 0; cnames <= Wire.MAX_CNAMES; cnames++) {
            List<Record> wanted = at(owner, question.getType(), question.getDClass(), answers);
            if (!wanted.isEmpty()) {
                chain.addAll(wanted);
                return chain;
            }
            List<Record> aliases = at(owner, Type.CNAME, question.getDClass(), answers);
            if (aliases.isEmpty() && chain.isEmpty()) {
                throw new FailedReply("records that were not asked for" + from);
            }
            if (aliases.isEmpty()) {
                return chain;
            }
            // RFC 1034 §3.6.2: a name has one CNAME; which of two to follow would be a guess.
            if (aliases.size() > 1 || !(aliases.getFirst() instanceof CNAMERecord cname)) {
                throw new FailedReply("several CNAMEs at one name");
            }
            chain.add(cname);
            owner = cname.getTarget();
        }
        throw new FailedReply(Wire.TOO_MANY_CNAMES);
    }

    /** RFC 2181 §5: equal records in one reply are one record. */
    private static List<Record> at(Name owner, int type, int dclass, List<Record> answers) {
        return answers.stream()
                .filter(record -> record.getType() == type && record.getDClass() == dclass && record.getName().equals(owner))
                .distinct()
                .toList();
    }

    private static boolean has(Message reply, int type) {
        return reply.getSection(Section.AUTHORITY).stream().anyMatch(record -> record.getType() == type);
    }

    @Override
    public Duration getTimeout() {
        return limit;
    }

    @Override
    public void setTimeout(Duration timeout) {
        throw unchangeable();
    }

    @Override
    public void setPort(int port) {
        throw unchangeable();
    }

    @Override
    public void setTCP(boolean flag) {
        throw unchangeable();
    }

    @Override
    public void setIgnoreTruncation(boolean flag) {
        throw unchangeable();
    }

    @Override
    public void setEDNS(int version, int payloadSize, int flags, List<EDNSOption> options) {
        throw unchangeable();
    }

    @Override
    public void setTSIGKey(TSIG key) {
        throw unchangeable();
    }

    private static UnsupportedOperationException unchangeable() {
        return new UnsupportedOperationException("set up when it was made");
    }
}
