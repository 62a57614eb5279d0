// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import dev.signet.dns.DomainName;
import dev.signet.dns.DomainPattern;
import dev.signet.store.DatabaseSettings;
import org.apache.james.filesystem.api.FileSystem;

import java.io.FileNotFoundException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What {@code conf/signet.properties} says of recording for reports; {@link Settings} has the table.
 *
 * @param on whether anything is recorded
 * @param database a URL of JDBC, or of a file as James has them
 * @param journal a URL of a folder as James has them
 * @param except of whose mail nothing is recorded
 */
record ReportSettings(
        boolean on,
        String database,
        Optional<String> user,
        Optional<String> password,
        String journal,
        int retentionDays,
        List<DomainPattern> except) {

    private static final String JDBC = "jdbc:";
    // What a report is made of must be there as long as it is tried: the day itself, the patience, and one for the clocks.
    private static final Duration MIN_RETENTION = SendingSettings.PATIENCE.plusDays(2);

    ReportSettings {
        except = List.copyOf(except);
    }

    static ReportSettings of(Parameters from) {
        ReportSettings settings = new ReportSettings(
                from.flag("reports", false),
                from.text("reports.database").orElse("file://var/signet/reports"),
                from.text("reports.user"),
                from.text("reports.password"),
                from.text("reports.journal").orElse("file://var/signet/journal"),
                retentionDays(from),
                from.domains("reports.except"));
        if (settings.isOnServer()) {
            try {
                settings.server();
            } catch (IllegalArgumentException e) {
                throw from.wrong("reports.database", e);
            }
        } else if (settings.user.isPresent() || settings.password.isPresent()) {
            throw from.wrong("reports.database", settings.database, DatabaseSettings.EXPECTED + " beside reports.user and reports.password");
        }
        return settings;
    }

    /**
     * Whether nothing is to be told of a domain's mail.
     *
     * @param policyDomain where its policy stands
     */
    boolean excepts(DomainName policyDomain, Optional<DomainName> author) {
        return except.stream().anyMatch(pattern -> pattern.matches(policyDomain) || author.filter(pattern::matches).isPresent());
    }

    private static int retentionDays(Parameters from) {
        Duration retention = from.duration("reports.retention", Duration.ZERO, Duration.ofDays(3650)).orElse(Duration.ofDays(30));
        if (retention.compareTo(MIN_RETENTION) < 0) {
            throw from.wrong("reports.retention", from.text("reports.retention").orElse(""), "at least " + MIN_RETENTION.toDays()
                    + " days: reports about a day are tried for " + SendingSettings.PATIENCE.toDays() + " days after it");
        }
        return Math.toIntExact(retention.toDays());
    }

    /** @throws ParameterException for what James does not understand as a file, or a folder where none can be made */
    DatabaseSettings database(FileSystem files) {
        if (isOnServer()) {
            return server();
        }
        try {
            return DatabaseSettings.embedded(path(files, "reports.database", database));
        } catch (UncheckedIOException e) {
            throw new ParameterException(Settings.FILE, "reports.database: " + e.getCause().getMessage(), e);
        }
    }

    /** @throws ParameterException for what James does not understand as a file */
    Path journal(FileSystem files) {
        return path(files, "reports.journal", journal);
    }

    private boolean isOnServer() {
        return database.startsWith(JDBC);
    }

    private DatabaseSettings server() {
        return DatabaseSettings.of(database, user.orElse(""), password.orElse(""));
    }

    private static Path path(FileSystem files, String name, String url) {
        try {
            return files.getFile(url).toPath();
        } catch (FileNotFoundException e) {
            throw new ParameterException(Settings.FILE, name + ": " + e.getMessage(), e);
        }
    }
}
