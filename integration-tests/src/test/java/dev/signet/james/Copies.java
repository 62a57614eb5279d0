// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import dev.signet.smtp.SmtpSink;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where each mail is, by its Message-ID field, and how often.
 *
 * @param behind it has come to the server behind James
 * @param spool it is in the queue of what James has accepted
 * @param outgoing it is in the queue of {@code RemoteDelivery}
 */
record Copies(Map<String, Integer> behind, Map<String, Integer> spool, Map<String, Integer> outgoing) {

    static Copies of(SmtpSink behind, List<LeftMail> left) {
        List<LeftMail> elsewhere = left.stream().filter(mail -> !Set.of("spool", "outgoing").contains(mail.queue())).toList();
        if (!elsewhere.isEmpty()) {
            throw new AssertionError("in a queue that nobody reads: " + elsewhere);
        }
        return new Copies(count(behind.received().stream().map(ReportMails::messageId)), count(in("spool", left)), count(in("outgoing", left)));
    }

    /** Of all places together. */
    Map<String, Integer> all() {
        Map<String, Integer> all = new TreeMap<>(behind);
        spool.forEach((id, copies) -> all.merge(id, copies, Integer::sum));
        outgoing.forEach((id, copies) -> all.merge(id, copies, Integer::sum));
        return all;
    }

    /** What James still has to do with. */
    Set<String> waiting() {
        Set<String> waiting = new TreeSet<>(spool.keySet());
        waiting.addAll(outgoing.keySet());
        return waiting;
    }

    /** All else. */
    Map<String, Integer> settled() {
        Map<String, Integer> settled = new TreeMap<>(behind);
        settled.keySet().removeAll(waiting());
        return settled;
    }

    /** Mails of which a copy has gone. */
    Set<String> fewerThan(Copies before) {
        Map<String, Integer> now = all();
        return before.all().entrySet().stream()
                .filter(mail -> now.getOrDefault(mail.getKey(), 0) < mail.getValue())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** How many copies there are that were not there before, beside the first of each mail. */
    int moreThan(Copies before) {
        Map<String, Integer> then = before.all();
        return all().entrySet().stream().mapToInt(mail -> mail.getValue() - Math.max(1, then.getOrDefault(mail.getKey(), 0))).sum();
    }

    String describe(Copies before) {
        long delivered = outgoing.keySet().stream().filter(behind::containsKey).count();
        long passedOn = spool.keySet().stream().filter(id -> behind.containsKey(id) || outgoing.containsKey(id)).count();
        return behind.size() + " behind it; " + spool.size() + " in its spool, " + passedOn + " of them passed on already; "
                + outgoing.size() + " on their way out, " + delivered + " of them delivered already; " + moreThan(before) + " more copies";
    }

    private static Stream<String> in(String queue, List<LeftMail> left) {
        return left.stream().filter(mail -> mail.queue().equals(queue)).map(LeftMail::messageId);
    }

    private static Map<String, Integer> count(Stream<String> ids) {
        return ids.collect(Collectors.toMap(id -> id, id -> 1, Integer::sum, TreeMap::new));
    }
}
