// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import dev.signet.scenario.SigningDomain;
import dev.signet.sending.SuppressionList;
import dev.signet.smtp.SmtpSink;
import dev.signet.store.Database;
import dev.signet.store.DatabaseSettings;
import dev.signet.store.PolicyDay;
import dev.signet.store.ReportStore;
import dev.signet.testing.LoopbackDns;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** How a James is laid out that sends reports, with the sample for it. */
final class ReportingJames {

    private ReportingJames() {}

    /**
     * Lays it out.
     *
     * @param home its domain, whose keys it gets
     * @param settings beside those that every one of these has
     */
    static JamesInstall layOut(String directory, LoopbackDns dns, SmtpSink outside, SigningDomain home, Map<String, String> settings)
            throws IOException, InterruptedException {
        JamesInstall install = JamesInstall.layOut(
                TestBuild.emptyDirectory(directory), TestBuild.james38(), TestBuild.signetFor38(), Ports.free(), outside.port());
        install.useSample("reports");
        XmlFile.read(install.conf().resolve("mailetcontainer.xml"))
                .append("//mailet[@class='RemoteDelivery']", "onSuccess", "delivered")
                .write();
        install.signWith(home.writeKeysTo(install.conf()));
        Map<String, String> all = new LinkedHashMap<>(Map.of(
                "authserv-id", JamesInstall.DOMAIN,
                "dns.servers", "127.0.0.1:" + dns.socketAddress().getPort(),
                "reports", "true",
                "reports.send", "true",
                "reports.email", "dmarc@" + JamesInstall.DOMAIN,
                "reports.organization", "Home",
                "reports.queue", "memory"));
        all.putAll(settings);
        install.set(all);
        return install;
    }

    /** Waits until so many messages of these days have been counted in the database. */
    static void awaitCounted(JamesInstall install, long messages, LocalDate... days) throws SQLException {
        await(install, database -> {
            long counted = 0;
            for (LocalDate day : days) {
                counted += new ReportStore(database).policies(day).stream().mapToLong(PolicyDay::messages).sum();
            }
            return counted >= messages;
        });
    }

    /** Waits until it is known that mail to this address comes back. */
    static void awaitSuppressed(JamesInstall install, String address) throws SQLException {
        await(install, database ->
                new SuppressionList(database, Duration.ofDays(1), InstantSource.system()).reasonAgainst(address).isPresent());
    }

    @FunctionalInterface
    private interface Condition {
        boolean holdsIn(Database database) throws SQLException;
    }

    private static void await(JamesInstall install, Condition condition) throws SQLException {
        try (Database database = Database.open(DatabaseSettings.embedded(install.directory().resolve("var/signet/reports")))) {
            while (!condition.holdsIn(database)) {
                // The time limit of the test ends this.
                LockSupport.parkNanos(20_000_000);
            }
        }
    }
}
