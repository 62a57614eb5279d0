// SPDX-License-Identifier: Apache-2.0
package dev.signet.store;

import com.google.common.hash.Hashing;
import com.google.common.net.InetAddresses;
import dev.signet.dns.DomainName;
import dev.signet.report.AggregateReport;
import dev.signet.report.FailureReport;
import dev.signet.report.Observation;
import dev.signet.report.ReportMetadata;
import dev.signet.report.ReportRow;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What others report about our domains. Immutable; several threads and several nodes may use one database. */
public final class ReceivedReports {

    private static final int MAX_TEXT = 253;
    private static final int BATCH = 1_000;
    private static final BigDecimal MAX_SUM = BigDecimal.valueOf(Long.MAX_VALUE);

    private final Database database;

    public ReceivedReports(Database database) {
        this.database = database;
    }

    /**
     * Keeps an aggregate report, all of it or nothing.
     *
     * @param sender the domain that the mail proved to be from; empty where that was not asked. Part of what makes a report the same:
     *     nobody can keep another's report out by sending one under its name first
     * @return false where it was there already, and nothing happens
     */
    public boolean add(AggregateReport report, Optional<DomainName> sender, Instant received) throws SQLException {
        String digest = digest(report, sender);
        return database.transaction(connection -> {
            try (PreparedStatement known = connection.prepareStatement("select id from signet_received_report where digest = ?")) {
                known.setString(1, digest);
                try (ResultSet result = known.executeQuery()) {
                    if (result.next()) {
                        return false;
                    }
                }
            }
            insertRows(connection, insertReport(connection, report, sender, received, digest), report.rows());
            return true;
        });
    }

    private static long insertReport(
            Connection connection, AggregateReport report, Optional<DomainName> sender, Instant received, String digest) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("""
                insert into signet_received_report (digest, organization, report_id, sender, domain, begins, ends, received)
                values (?, ?, ?, ?, ?, ?, ?, ?)""", new String[] {"id"})) {
            insert.setString(1, digest);
            insert.setString(2, text(report.metadata().organization()));
            insert.setString(3, text(report.metadata().reportId()));
            insert.setString(4, sender.map(DomainName::ascii).orElse(""));
            insert.setString(5, report.policy().domain().ascii());
            insert.setObject(6, report.metadata().begin().atOffset(ZoneOffset.UTC));
            // It is shown and kept by this: a report about times to come would be the newest for ever.
            Instant ends = report.metadata().end().isAfter(received) ? received : report.metadata().end();
            insert.setObject(7, ends.atOffset(ZoneOffset.UTC));
            insert.setObject(8, received.atOffset(ZoneOffset.UTC));
            insert.executeUpdate();
            try (ResultSet keys = insert.getGeneratedKeys()) {
                keys.next();
                return keys.getLong(1);
            }
        }
    }

    private static void insertRows(Connection connection, long report, List<ReportRow> rows) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("""
                insert into signet_received_row
                (report, position, source, header_from, messages, disposition, dkim_aligned, spf_aligned)
                values (?, ?, ?, ?, ?, ?, ?, ?)""")) {
            for (int i = 0; i < rows.size(); i++) {
                Observation seen = rows.get(i).observation();
                insert.setLong(1, report);
                insert.setInt(2, i);
                insert.setString(3, InetAddresses.toAddrString(seen.source()));
                insert.setString(4, text(seen.headerFrom().toLowerCase(Locale.ROOT)));
                insert.setLong(5, rows.get(i).count());
                insert.setString(6, seen.action().word());
                insert.setBoolean(7, seen.dkimAligned());
                insert.setBoolean(8, seen.spfAligned());
                insert.addBatch();
                if (i % BATCH == BATCH - 1) {
                    insert.executeBatch();
                }
            }
            insert.executeBatch();
        }
    }

    /** Keeps a failure report. Two may well be equal: they tell of two messages. */
    public void add(FailureReport report, Optional<DomainName> sender, Instant received) throws SQLException {
        database.transaction(connection -> {
            try (PreparedStatement insert = connection.prepareStatement("""
                    insert into signet_received_failure (failure, domain, sender, source, received, incidents, dkim_aligned, spf_aligned,
                    delivery, envelope_from, dkim_domain, dkim_selector) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""")) {
                insert.setString(1, text(report.failure()));
                insert.setString(2, report.domain().ascii());
                insert.setString(3, sender.map(DomainName::ascii).orElse(""));
                insert.setString(4, report.source().map(InetAddresses::toAddrString).orElse(""));
                insert.setObject(5, received.atOffset(ZoneOffset.UTC));
                insert.setLong(6, report.incidents());
                insert.setObject(7, report.aligned(FailureReport.Mechanism.DKIM).orElse(null), Types.BOOLEAN);
                insert.setObject(8, report.aligned(FailureReport.Mechanism.SPF).orElse(null), Types.BOOLEAN);
                insert.setString(9, text(report.deliveryResult()));
                insert.setString(10, text(report.envelopeFrom()));
                insert.setString(11, text(report.dkimDomain()));
                insert.setString(12, text(report.dkimSelector()));
                return insert.executeUpdate();
            }
        });
    }

    /** Forgets reports about what was before, by the end of what they tell about and never later than by when they came. */
    public void forgetBefore(Instant time) throws SQLException {
        database.transaction(connection -> delete(connection, "delete from signet_received_report where ends < ?", time)
                + delete(connection, "delete from signet_received_failure where received < ?", time));
    }

    private static int delete(Connection connection, String sql, Instant time) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(sql)) {
            delete.setObject(1, time.atOffset(ZoneOffset.UTC));
            return delete.executeUpdate();
        }
    }

    /**
     * Who sends as our domains, most messages first, aggregate reports before failure reports.
     *
     * @param domain this one and all below it; empty for all
     * @param since the end of the oldest report that counts, or when it came if that was before
     */
    public List<SeenSender> senders(Optional<DomainName> domain, Instant since) throws SQLException {
        return database.transaction(connection -> {
            List<SeenSender> senders = new ArrayList<>(senders(connection, SeenSender.Kind.AGGREGATE, """
                    select w.source, w.header_from, w.disposition, w.dkim_aligned, w.spf_aligned, sum(w.messages) messages,
                    count(distinct r.sender) reporters
                    from signet_received_row w join signet_received_report r on r.id = w.report
                    where r.ends >= ? and (r.domain = ? or r.domain like ? or w.header_from = ? or w.header_from like ?)
                    group by w.source, w.header_from, w.disposition, w.dkim_aligned, w.spf_aligned
                    order by messages desc, w.source, w.header_from, w.disposition, w.dkim_aligned, w.spf_aligned""", domain, since));
            senders.addAll(senders(connection, SeenSender.Kind.FAILURE, """
                    select f.source, f.domain, f.delivery, f.dkim_aligned, f.spf_aligned, sum(f.incidents) messages,
                    count(distinct f.sender) reporters
                    from signet_received_failure f
                    where f.received >= ? and (f.domain = ? or f.domain like ? or f.domain = ? or f.domain like ?)
                    group by f.source, f.domain, f.delivery, f.dkim_aligned, f.spf_aligned
                    order by messages desc, f.source, f.domain, f.delivery, f.dkim_aligned nulls last, f.spf_aligned nulls last""", domain, since));
            return senders;
        });
    }

    private static List<SeenSender> senders(
            Connection connection, SeenSender.Kind kind, String sql, Optional<DomainName> domain, Instant since) throws SQLException {
        // No character of an A-label means anything in a pattern but the underscore, which stands for itself and any other.
        String name = domain.map(DomainName::ascii).orElse("");
        String below = domain.isPresent() ? "%." + name : "%";
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setObject(1, since.atOffset(ZoneOffset.UTC));
            select.setString(2, name);
            select.setString(3, below);
            select.setString(4, name);
            select.setString(5, below);
            List<SeenSender> senders = new ArrayList<>();
            try (ResultSet result = select.executeQuery()) {
                while (result.next()) {
                    // A sum of numbers of strangers has no limit, and one of them must not keep all the others from being shown.
                    long messages = result.getBigDecimal(6).min(MAX_SUM).longValue();
                    senders.add(new SeenSender(kind, result.getString(1), result.getString(2), messages, result.getString(3),
                            Optional.ofNullable(result.getObject(4, Boolean.class)), Optional.ofNullable(result.getObject(5, Boolean.class)),
                            result.getLong(7)));
                }
            }
            return senders;
        }
    }

    /**
     * One report: of this sender and organization, with this Report-ID, about this domain and period, since some use an ID again each
     * day; without a Report-ID, with these contents.
     */
    private static String digest(AggregateReport report, Optional<DomainName> sender) {
        ReportMetadata metadata = report.metadata();
        String contents = report.rows().stream()
                .map(row -> row.count() + " " + InetAddresses.toAddrString(row.observation().source()) + " " + row.observation().headerFrom())
                .collect(Collectors.joining("\n"));
        String identity = String.join("\n",
                sender.map(DomainName::ascii).orElse(""),
                metadata.organization().toLowerCase(Locale.ROOT),
                report.policy().domain().ascii(),
                metadata.begin().toString(),
                metadata.end().toString(),
                metadata.reportId().isEmpty() ? contents : metadata.reportId());
        return Hashing.sha256().hashString(identity, StandardCharsets.UTF_8).toString();
    }

    /** No database has a NUL, and no column has room for more. */
    private static String text(String text) {
        StringBuilder clean = new StringBuilder();
        text.codePoints()
                .limit(MAX_TEXT)
                .map(c -> Character.isISOControl(c) || c > 0xFFFF || (c >= 0xD800 && c <= 0xDFFF) ? '?' : c)
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }
}
