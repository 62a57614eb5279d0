// SPDX-License-Identifier: Apache-2.0
package dev.signet.spf;

import dev.signet.dns.Dns;
import dev.signet.dns.DnsAnswer;
import dev.signet.dns.DomainName;
import dev.signet.dns.MailExchanger;
import dev.signet.dns.Network;
import dev.signet.dns.RecordType;
import dev.signet.spf.SpfResult.State;
import org.jspecify.annotations.Nullable;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * One run of check_host() (RFC 7208 §4) with its counters: term by term in the order of the record, waiting for one answer after
 * the other. What makes it fast is that {@link EarlyQueries} has asked before.
 */
final class Evaluation {

    /** RFC 7208 §4.6.4: how many MX or PTR names of one term are looked at. */
    static final int MAX_NAMES = 10;

    // RFC 7208 §4.6.4: how many of "include", "a", "mx", "ptr", "exists" and "redirect" one check may evaluate.
    private static final int MAX_LOOKUPS = 10;
    private static final String TOO_MANY_LOOKUPS = "more than " + MAX_LOOKUPS + " terms that query the DNS";
    // An SMTP reply line has 512 octets (RFC 5321 §4.5.3.1.5), and somebody else's words shall not fill it.
    private static final int MAX_EXPLANATION = 400;

    /**
     * A name that a term is about.
     *
     * @param shown as reasons tell it. A name that macros make is told as it is written: what they put in may be the local part of the
     *     sender, and a reason goes into reports
     */
    private record Name(DomainName domain, String shown) {

        static Name of(DomainName domain) {
            return new Name(domain, domain.ascii());
        }

        @Override
        public String toString() {
            return shown;
        }
    }

    private final SpfRequest request;
    private final SpfIdentity identity;
    private final Sender sender;
    private final DomainName checked;
    private final SpfOptions options;
    private final InstantSource clock;
    private final Dns dns;
    private final PublishedRecords records;
    private final RecordType<InetAddress> addressType;
    private int lookups;
    private int voidLookups;

    Evaluation(
            SpfRequest request,
            SpfIdentity identity,
            Sender sender,
            DomainName checked,
            SpfOptions options,
            InstantSource clock,
            Dns dns,
            PublishedRecords records) {
        this.request = request;
        this.identity = identity;
        this.sender = sender;
        this.checked = checked;
        this.options = options;
        this.clock = clock;
        this.dns = dns;
        this.records = records;
        this.addressType = request.ip() instanceof Inet6Address ? RecordType.AAAA : RecordType.A;
    }

    /** Sends what can be asked already; does not wait. */
    void askEarly() {
        new EarlyQueries(dns, records, request.ip(), addressType, this::valuesAt, options.earlyQueries()).follow(checked);
    }

    /** Waits for answers. */
    SpfResult run() {
        Trace trace = new Trace(checked.ascii());
        Outcome outcome = checkHost(Name.of(checked), trace);
        return new SpfResult(
                outcome.state(),
                identity,
                sender.toString(),
                checked,
                outcome.mechanism(),
                outcome.recordDomain(),
                lookups,
                explanation(outcome),
                outcome.reason(),
                trace.toStep());
    }

    private Outcome checkHost(Name name, Trace trace) {
        Outcome outcome = switch (records.at(name.domain(), dns).join()) {
            case Published.Sound(SpfRecord record) -> evaluate(record, name, trace);
            case Published.Nothing nothing -> Outcome.of(State.NONE, name + " publishes no record");
            case Published.NoDomain(State result) -> Outcome.of(result, name + " does not exist");
            case Published.Malformed(String reason) -> Outcome.of(State.PERMERROR, name.domain(), name + ": " + reason);
            // RFC 7208 §4.4: any answer but "no error" and "no such name" is a temperror.
            case Published.Unknown(String cause) -> Outcome.of(State.TEMPERROR, "TXT of " + name + ": " + cause);
        };
        trace.end(outcome.state().word(), lookups);
        return outcome;
    }

    private Outcome evaluate(SpfRecord record, Name name, Trace trace) {
        DomainName domain = name.domain();
        // RFC 7208 §4.6.2: the first mechanism that matches decides.
        for (Term.Directive directive : record.directives()) {
            Trace step = trace.step(directive.text());
            switch (match(directive.mechanism(), name, step)) {
                case Match.No no -> step.end("no match", lookups);
                case Match.Yes yes -> {
                    step.end("match", lookups);
                    String reason = directive.text() + " in the record of " + name;
                    return new Outcome(directive.ifMatched(), directive.text(), domain, record.exp(), reason);
                }
                case Match.TempError(String reason) -> {
                    step.end(State.TEMPERROR.word(), lookups);
                    return Outcome.of(State.TEMPERROR, domain, reason);
                }
                case Match.PermError(String reason) -> {
                    step.end(State.PERMERROR.word(), lookups);
                    return Outcome.of(State.PERMERROR, domain, reason);
                }
            }
        }
        return record.redirect() == null
                // RFC 7208 §4.7.
                ? Outcome.of(State.NEUTRAL, domain, "no term matches in the record of " + name)
                : redirect(record.redirect(), name, trace);
    }

    /** RFC 7208 §6.1: the result of the other domain, with its explanation; where it has no record, a permerror. */
    private Outcome redirect(MacroString redirect, Name name, Trace trace) {
        Trace step = trace.step(Printable.cut("redirect=" + redirect, 255));
        Outcome outcome;
        if (lookups == MAX_LOOKUPS) {
            outcome = Outcome.of(State.PERMERROR, name.domain(), TOO_MANY_LOOKUPS);
        } else {
            lookups++;
            Optional<Name> target = target(redirect, name).filter(found -> Sender.isFullyQualified(found.domain()));
            outcome = target.isEmpty()
                    ? Outcome.of(State.PERMERROR, name.domain(), "redirect= of " + name + " makes no domain name")
                    : checkHost(target.get(), step.step(target.get().domain().ascii()));
            outcome = outcome.state() == State.NONE ? Outcome.of(State.PERMERROR, name.domain(), outcome.reason()) : outcome;
        }
        step.end(outcome.state().word(), lookups);
        return outcome;
    }

    private Match match(Mechanism mechanism, Name name, Trace step) {
        return switch (mechanism) {
            case Mechanism.All all -> new Match.Yes();
            case Mechanism.Ip4(Network block) -> Match.of(block.contains(request.ip()));
            case Mechanism.Ip6(Network block) -> Match.of(block.contains(request.ip()));
            case Mechanism.Include(MacroString target) -> counted(() -> include(target, name, step));
            case Mechanism.A(MacroString target, int bits4, int bits6) ->
                counted(() -> a(target(target, name), bits(bits4, bits6)));
            case Mechanism.Mx(MacroString target, int bits4, int bits6) ->
                counted(() -> mx(target(target, name), bits(bits4, bits6)));
            case Mechanism.Ptr(MacroString target) -> counted(() -> ptr(target(target, name)));
            case Mechanism.Exists(MacroString target) -> counted(() -> exists(target(target, name)));
        };
    }

    /** RFC 7208 §4.6.4: ten terms, and the eleventh is a permerror. */
    private Match counted(Supplier<Match> term) {
        if (lookups == MAX_LOOKUPS) {
            return new Match.PermError(TOO_MANY_LOOKUPS);
        }
        lookups++;
        return term.get();
    }

    /**
     * RFC 7208 §4.6.4 limits "the number of terms" that find nothing. Some count every empty answer instead; then three exchangers
     * without IPv6 make a sound record a permerror for every client that has it.
     */
    private Match nothingFound() {
        voidLookups++;
        return voidLookups > options.maxVoidLookups()
                ? new Match.PermError("more than " + options.maxVoidLookups() + " terms that find nothing in the DNS")
                : new Match.No();
    }

    private Match include(MacroString target, Name name, Trace step) {
        Optional<Name> included = target(target, name).filter(found -> Sender.isFullyQualified(found.domain()));
        if (included.isEmpty()) {
            return new Match.PermError("include: of " + name + " makes no domain name");
        }
        Outcome outcome = checkHost(included.get(), step.step(included.get().domain().ascii()));
        // The table of RFC 7208 §5.2.
        return switch (outcome.state()) {
            case PASS -> new Match.Yes();
            case FAIL, SOFTFAIL, NEUTRAL -> new Match.No();
            case TEMPERROR -> new Match.TempError(outcome.reason());
            case PERMERROR, NONE -> new Match.PermError(outcome.reason());
        };
    }

    private Match a(Optional<Name> name, int bits) {
        // RFC 7208 §4.8 leaves names that cannot be looked up open; here they do not exist, as in §4.3 and as most have it.
        return name.isEmpty() ? new Match.No() : switch (addressesOf(name.get().domain()).join()) {
            case DnsAnswer.Found<InetAddress> found -> Match.of(isAmong(found.records(), bits));
            case DnsAnswer.NoData<InetAddress> noData -> nothingFound();
            case DnsAnswer.NxDomain<InetAddress> nxDomain -> nothingFound();
            case DnsAnswer.TempFailure<InetAddress>(String cause) -> tempError(addressType, name.get(), cause);
        };
    }

    private Match mx(Optional<Name> name, int bits) {
        return name.isEmpty() ? new Match.No() : switch (dns.lookup(name.get().domain(), RecordType.MX).join()) {
            case DnsAnswer.Found<MailExchanger> found -> found.records().size() > MAX_NAMES
                    // RFC 7208 §4.6.4: more than ten "MUST produce a permerror".
                    ? new Match.PermError(name.get() + " has more than " + MAX_NAMES + " MX records")
                    : exchangers(found.records(), bits);
            case DnsAnswer.NoData<MailExchanger> noData -> nothingFound();
            case DnsAnswer.NxDomain<MailExchanger> nxDomain -> nothingFound();
            case DnsAnswer.TempFailure<MailExchanger>(String cause) -> tempError(RecordType.MX, name.get(), cause);
        };
    }

    private Match exchangers(List<MailExchanger> exchangers, int bits) {
        // A host that matches decides even if another one's address is not to be had: MX records come in any order, and the
        // result shall not hang on it.
        Match match = new Match.No();
        for (MailExchanger exchanger : exchangers) {
            if (isNoNullMx(exchanger.host())) {
                switch (addressesOf(exchanger.host()).join()) {
                    case DnsAnswer.Found<InetAddress> found -> {
                        if (isAmong(found.records(), bits)) {
                            return new Match.Yes();
                        }
                    }
                    case DnsAnswer.NoData<InetAddress> noData -> {}
                    case DnsAnswer.NxDomain<InetAddress> nxDomain -> {}
                    case DnsAnswer.TempFailure<InetAddress>(String cause) ->
                        match = tempError(addressType, Name.of(exchanger.host()), cause);
                }
            }
        }
        return match;
    }

    /** RFC 7505 §3: the root as exchange means that there is none, and is not looked up. */
    static boolean isNoNullMx(DomainName host) {
        return !host.equals(DomainName.ROOT);
    }

    private Match exists(Optional<Name> name) {
        // RFC 7208 §5.7: an A lookup, "even when the connection type is IPv6".
        return name.isEmpty() ? new Match.No() : switch (dns.lookup(name.get().domain(), RecordType.A).join()) {
            case DnsAnswer.Found<InetAddress> found -> new Match.Yes();
            case DnsAnswer.NoData<InetAddress> noData -> nothingFound();
            case DnsAnswer.NxDomain<InetAddress> nxDomain -> nothingFound();
            case DnsAnswer.TempFailure<InetAddress>(String cause) -> tempError(RecordType.A, name.get(), cause);
        };
    }

    private Match ptr(Optional<Name> name) {
        return name.isEmpty() ? new Match.No() : switch (pointers()) {
            case DnsAnswer.Found<DomainName> found -> {
                List<DomainName> under = found.records().stream()
                        .limit(MAX_NAMES)
                        .filter(pointer -> pointer.isAtOrBelow(name.get().domain()))
                        .toList();
                yield Match.of(firstValidated(under).isPresent());
            }
            case DnsAnswer.NoData<DomainName> noData -> nothingFound();
            case DnsAnswer.NxDomain<DomainName> nxDomain -> nothingFound();
            // RFC 7208 §5.5: "If a DNS error occurs while doing the PTR RR lookup, then this mechanism fails to match".
            case DnsAnswer.TempFailure<DomainName> failure -> new Match.No();
        };
    }

    private DnsAnswer<DomainName> pointers() {
        return dns.lookup(DomainName.reverseOf(request.ip()), RecordType.PTR).join();
    }

    /** RFC 7208 §5.5: the first name that leads back to the client; one whose lookup fails "is skipped". */
    private Optional<DomainName> firstValidated(List<DomainName> names) {
        List<CompletableFuture<DnsAnswer<InetAddress>>> answers = names.stream().map(this::addressesOf).toList();
        for (int i = 0; i < names.size(); i++) {
            if (answers.get(i).join() instanceof DnsAnswer.Found<InetAddress> found && found.records().contains(request.ip())) {
                return Optional.of(names.get(i));
            }
        }
        return Optional.empty();
    }

    /** RFC 7208 §7.3, macro "p": best the domain itself, then a name below it, then any; "unknown" if none is validated. */
    private String validatedName(DomainName domain) {
        if (!(pointers() instanceof DnsAnswer.Found<DomainName> found)) {
            return "unknown";
        }
        List<DomainName> byPreference = found.records().stream()
                .limit(MAX_NAMES)
                .sorted(Comparator.comparing((DomainName name) -> !name.equals(domain))
                        .thenComparing(name -> !name.isAtOrBelow(domain)))
                .toList();
        return firstValidated(byPreference).map(DomainName::ascii).orElse("unknown");
    }

    /** RFC 7208 §6.2: whatever goes wrong here, there is no explanation; no limit counts it. */
    private @Nullable String explanation(Outcome outcome) {
        DomainName domain = outcome.recordDomain();
        if (!options.explanations() || outcome.state() != State.FAIL || outcome.exp() == null || domain == null) {
            return null;
        }
        Optional<DomainName> name = outcome.exp().expandName(valuesAt(domain));
        if (name.isEmpty()
                || !(dns.lookup(name.get(), RecordType.TXT).join() instanceof DnsAnswer.Found<String> found)
                || found.records().size() != 1) {
            return null;
        }
        MacroString macro = MacroString.explanation(found.records().getFirst());
        String text = macro == null ? null : macro.expand(valuesAt(domain), MAX_EXPLANATION);
        // RFC 7208 §6.2: US-ASCII. A control character can only have come in with a macro's value.
        return text != null && Printable.is(text) ? text : null;
    }

    private Optional<Name> target(@Nullable MacroString target, Name name) {
        return target == null
                ? Optional.of(name)
                : target.expandName(valuesAt(name.domain()))
                        .map(made -> target.hasMacros() ? new Name(made, Printable.cut(target.toString(), 255)) : Name.of(made));
    }

    private MacroString.Values valuesAt(DomainName domain) {
        return new MacroValues(request, sender, checked, domain, options.receiver(), clock, this::validatedName);
    }

    private CompletableFuture<DnsAnswer<InetAddress>> addressesOf(DomainName name) {
        return dns.lookup(name, addressType);
    }

    private boolean isAmong(List<InetAddress> addresses, int bits) {
        for (InetAddress address : addresses) {
            if (new Network(address, bits).contains(request.ip())) {
                return true;
            }
        }
        return false;
    }

    private int bits(int bits4, int bits6) {
        return request.ip() instanceof Inet6Address ? bits6 : bits4;
    }

    /** RFC 7208 §5: a failure of the DNS ends the check. */
    private static Match tempError(RecordType<?> type, Name name, String cause) {
        return new Match.TempError(type + " of " + name + ": " + cause);
    }
}
