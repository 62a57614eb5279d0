// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import dev.signet.dmarc.DmarcRecord;

import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts messages into the rows of reports. Not for several threads. */
public final class ReportTally {

    private record Key(LocalDate day, PublishedPolicy policy) {}

    private final Map<Key, Group> groups = new LinkedHashMap<>();

    /** Counts one message. */
    public void add(ReportedMessage message) {
        groups.computeIfAbsent(new Key(message.day(), message.policy()), key -> new Group(key.day(), key.policy(), message)).add(message);
    }

    /** What there is to report: a group for each day and policy, in the order of their first messages. */
    public List<Group> groups() {
        return List.copyOf(groups.values());
    }

    /** What one report, or one series of them, is made of. */
    public static final class Group {

        private final LocalDate day;
        private final PublishedPolicy policy;
        private final Map<Observation, Long> counts = new LinkedHashMap<>();
        private Instant latest;
        private DmarcRecord record;
        private boolean due;

        private Group(LocalDate day, PublishedPolicy policy, ReportedMessage first) {
            this.day = day;
            this.policy = policy;
            this.latest = first.time();
            this.record = first.record();
        }

        private void add(ReportedMessage message) {
            counts.merge(message.observation(), 1L, Long::sum);
            due |= message.callsForReport();
            if (message.time().isAfter(latest)) {
                latest = message.time();
                record = message.record();
            }
        }

        /** In UTC. */
        public LocalDate day() {
            return day;
        }

        public PublishedPolicy policy() {
            return policy;
        }

        /** The newest of the records that came to this policy: addresses may change while the policy does not. */
        public DmarcRecord record() {
            return record;
        }

        /** Of the message that brought {@link #record}. */
        public Instant recordTime() {
            return latest;
        }

        /** Whether any message calls for a report; see {@link ReportedMessage#callsForReport}. */
        public boolean due() {
            return due;
        }

        public List<ReportRow> rows() {
            return counts.entrySet().stream().map(entry -> new ReportRow(entry.getKey(), entry.getValue())).toList();
        }
    }
}
