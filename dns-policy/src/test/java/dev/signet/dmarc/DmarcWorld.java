// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import dev.signet.dns.DomainName;
import dev.signet.message.AuthorDomain;
import dev.signet.testing.FakeDns;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A zone and a receiver, and the few words that tests say about them. */
final class DmarcWorld {

    static final byte[] KEY = "sixteen bytes or more".getBytes(StandardCharsets.US_ASCII);

    final FakeDns dns = new FakeDns();
    LocalPolicy local = LocalPolicy.NONE;
    Sampler sampler = new Sampler(KEY, true, 100);
    AuthorHandling authorHandling = AuthorHandling.STRICTEST;
    DmarcDiscovery discovery = DmarcDiscovery.treeWalk();
    MessageFacts facts = facts("one");

    /** Publishes a record; {@code tags} is what follows the version. */
    DmarcWorld record(String domain, String tags) {
        dns.txt("_dmarc." + domain, "v=DMARC1; " + tags);
        return this;
    }

    DmarcChecker checker() {
        return new DmarcChecker(discovery, local, sampler, authorHandling);
    }

    DmarcResult check(String author, Identifiers identifiers) {
        return check(new AuthorDomain.One(DomainName.of(author), "somebody@" + author), identifiers);
    }

    DmarcResult check(AuthorDomain author, Identifiers identifiers) {
        DmarcChecker checker = checker();
        Discovered discovered = checker.discover(author, List.of(), dns).join();
        return checker.evaluate(discovered, identifiers, facts, dns).join();
    }

    static Identifiers spf(String domain) {
        return new Identifiers(Optional.of(DomainName.of(domain)), List.of(), Optional.empty(), List.of());
    }

    static Identifiers dkim(String... domains) {
        return new Identifiers(Optional.empty(), names(domains), Optional.empty(), List.of());
    }

    static Identifiers openSpf(String domain) {
        return new Identifiers(Optional.empty(), List.of(), Optional.of(DomainName.of(domain)), List.of());
    }

    static Identifiers openDkim(String... domains) {
        return new Identifiers(Optional.empty(), List.of(), Optional.empty(), names(domains));
    }

    static AuthorDomain.Several several(String... domains) {
        return new AuthorDomain.Several(names(domains), true, "several author domains");
    }

    static MessageFacts facts(String message) {
        return new MessageFacts(Optional.empty(), Optional.empty(), () -> new MessageFingerprint(message));
    }

    static List<DomainName> names(String... domains) {
        return Arrays.stream(domains).map(DomainName::of).toList();
    }
}
