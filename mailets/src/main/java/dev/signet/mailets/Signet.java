// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import dev.signet.dns.Dns;
import dev.signet.dns.DnsjavaDns;
import dev.signet.inbound.InboundCheck;
import org.apache.james.filesystem.api.FileSystem;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import java.io.FileNotFoundException;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * What the hook and all mailets of one James share: the settings, the DNS with its cache, the check with its parsed keys.
 *
 * <p>James makes it by itself when the first of them asks for it, and makes it once. James loads every extension through one
 * injector and one class loader. Guice puts a class that no module binds into the topmost injector that has all that the
 * constructor asks for, here James's {@link FileSystem}, which is bound in the server's own: so the instance is the same for
 * all, also on 3.9, where each mailet gets a child injector. {@link SignetModule} is for those who want it made at start.
 */
@Singleton
public final class Signet {

    private final FileSystem fileSystem;
    private final Settings settings;
    private final InstantSource clock;
    private final InboundCheck check;

    /** @throws RuntimeException for a mistake in {@code conf/signet.properties}, which stops James */
    @Inject
    public Signet(FileSystem fileSystem) {
        this(fileSystem, Settings.read(fileSystem));
    }

    private Signet(FileSystem fileSystem, Settings settings) {
        this(fileSystem, settings, dns(settings), InstantSource.system());
    }

    Signet(FileSystem fileSystem, Settings settings, Dns dns, InstantSource clock) {
        this.fileSystem = fileSystem;
        this.settings = settings;
        this.clock = clock;
        this.check = new InboundCheck(dns, settings.inbound(), Thread::startVirtualThread, clock);
    }

    Settings settings() {
        return settings;
    }

    InstantSource clock() {
        return clock;
    }

    InboundCheck check() {
        return check;
    }

    /**
     * Where James has a file.
     *
     * @param url as James's own configuration has it: {@code file://conf/key.pem}, {@code file:///etc/keys/key.pem}
     * @throws FileNotFoundException where James does not understand the URL; not for a file that is missing
     */
    Path file(String url) throws FileNotFoundException {
        return fileSystem.getFile(url).toPath();
    }

    private static Dns dns(Settings settings) {
        return settings.dnsServers().isEmpty()
                ? DnsjavaDns.onDefaults()
                : DnsjavaDns.onServers(settings.dnsServers(), settings.dnsTimeout(), settings.dnsAttempts());
    }
}
