// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import dev.signet.dns.DomainName;
import dev.signet.file.ReloadingFile;
import dev.signet.file.UnusableFileException;
import dev.signet.srs.Srs;
import dev.signet.srs.SrsOptions;
import dev.signet.srs.SrsSecrets;
import org.apache.james.filesystem.api.FileSystem;

import java.io.FileNotFoundException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * What {@code conf/signet.properties} says of rewritten senders; {@link Settings} has the table.
 *
 * @param domain empty where it says nothing
 * @param secrets where the secrets lie, as a URL of James; empty where it says nothing
 */
record SrsSettings(Optional<DomainName> domain, Optional<String> secrets, SrsOptions options) {

    static SrsSettings of(Parameters from) {
        SrsOptions defaults = SrsOptions.DEFAULT;
        Duration maxAge = from.duration("srs.max-age", Duration.ofDays(1), Duration.ofDays(1023)).orElse(Duration.ofDays(defaults.maxAge()));
        return new SrsSettings(
                from.read("srs.domain", "a domain name", DomainName::parse),
                from.text("srs.secrets"),
                new SrsOptions(Math.toIntExact(maxAge.toDays()), from.number("srs.hash-length", defaults.hashLength(), 4, 27)));
    }

    /**
     * Where mail is forwarded from.
     *
     * @throws ParameterException where there is no such setting
     */
    DomainName forwarder() {
        return domain.orElseThrow(() -> missing("srs.domain", "the domain of rewritten senders, one that James serves"));
    }

    /**
     * Reads the secrets, and again when they change.
     *
     * @throws ParameterException where there are none, or none that can be used
     */
    Srs srs(FileSystem files, InstantSource clock) {
        String url = secrets.orElseThrow(() -> missing("srs.secrets", "a file with a secret on each line"));
        try {
            Path path = files.getFile(url).toPath();
            ReloadingFile<SrsSecrets> file = new ReloadingFile<>(path, () -> SrsSecrets.read(path), SrsSecrets::toString, clock);
            return new Srs(file::current, options, clock);
        } catch (FileNotFoundException | UnusableFileException e) {
            throw new ParameterException(Settings.FILE, "srs.secrets: " + e.getMessage(), e);
        }
    }

    private static ParameterException missing(String name, String expected) {
        return new ParameterException(Settings.FILE, name + ": found none, expected " + expected + ", where senders are rewritten");
    }
}
