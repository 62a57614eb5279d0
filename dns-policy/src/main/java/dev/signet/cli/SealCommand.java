// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import dev.signet.arc.ArcResult;
import dev.signet.arc.ArcSealer;
import dev.signet.arc.ArcState;
import dev.signet.arc.SealedHeaders;
import dev.signet.authres.AuthenticationResults;
import dev.signet.dkim.Signer;
import dev.signet.inbound.Connection;
import dev.signet.inbound.InboundCheck;
import dev.signet.inbound.InboundOptions;
import dev.signet.inbound.Verdict;
import dev.signet.message.HeaderField;
import dev.signet.message.MessageLimits;
import dev.signet.message.MessageReader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code signet seal}: a message with one ARC set more. */
@Command(
        name = "seal",
        description = {
            "Seals a message with ARC and writes the whole sealed message to standard output.",
            "What the seal testifies are the results that are given, or those in the message's own Authentication-Results fields of "
                    + "the authserv-id, or where there are none those of a check of the message as it is. What became of its chain "
                    + "so far is the arc= among them; without one it is found out.",
        },
        sortOptions = false,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class SealCommand implements Callable<Integer> {

    private final Console console;
    private final InstantSource clock;

    @Spec
    private CommandSpec spec;

    @Mixin
    private SignerOptions signerOptions = new SignerOptions();

    @Option(names = "--authserv-id", required = true, paramLabel = "ID",
            description = "Who found out what the seal testifies: the authserv-id of this side's mail servers.")
    private String authservId;

    @Option(names = "--authentication-results", paramLabel = "TEXT",
            description = "What was found out when the message came in, such as \"spf=pass smtp.mailfrom=a@example.com; arc=none\".")
    private @Nullable String given;

    @Option(names = "--headers", split = ":", paramLabel = "A:B:C",
            description = "The fields to cover, From among them. Naming one more often than it occurs keeps others from adding it. "
                    + "Without it, all fields that matter to a reader, so protected, and the DKIM signatures.")
    private @Nullable List<String> headers;

    @Option(names = "--timestamp", paramLabel = "SECONDS", description = "The time of the seal, in seconds since 1970; without it, now.")
    private @Nullable Long timestamp;

    @ArgGroup
    private DnsSource source = new DnsSource();

    @Parameters(index = "0", paramLabel = "FILE", description = "The message; - is standard input.")
    private String file;

    SealCommand(Console console, InstantSource clock) {
        this.console = console;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        if (authservId.isBlank()) {
            throw Signet.wrong(spec, "--authserv-id", "found nothing, expected a name such as mx.example.com");
        }
        SealedHeaders covered = covered();
        Optional<AuthenticationResults> told = given == null ? Optional.empty() : Optional.of(parse(given));
        Signer signer = signerOptions.signer(spec, console);
        InstantSource time = timestamp == null ? clock : InstantSource.fixed(Instant.ofEpochSecond(timestamp));
        try {
            MessageFile message = MessageFile.of(file, console);
            return switch (seal(new ArcSealer(covered, time), message, told, signer)) {
                case ArcSealer.Result.Sealed(List<HeaderField> fields) -> {
                    message.writeBehind(fields, console.out());
                    yield Signet.OK;
                }
                case ArcSealer.Result.NotSealed(String reason) -> failed(message + ": not sealed: " + reason);
            };
        } catch (IOException e) {
            return failed(file + ": " + Trouble.of(e));
        }
    }

    private ArcSealer.Result seal(ArcSealer sealer, MessageFile message, Optional<AuthenticationResults> told, Signer signer)
            throws IOException {
        Optional<AuthenticationResults> known = told.isPresent() ? told : written(message);
        Optional<ArcState> state = known.flatMap(ArcResult::stateIn);
        try (InputStream in = message.open()) {
            if (known.isPresent() && state.isPresent()) {
                return sealer.seal(in, state.get(), known.get(), signer);
            }
            Verdict verdict = verdict(message);
            return sealer.seal(in, verdict.arc().state(), known.orElseGet(() -> verdict.authenticationResults(authservId)), signer);
        }
    }

    private Optional<AuthenticationResults> written(MessageFile message) throws IOException {
        try (InputStream in = message.open()) {
            return AuthenticationResults.writtenBy(authservId, MessageReader.open(in, MessageLimits.DEFAULT).header());
        }
    }

    private Verdict verdict(MessageFile message) throws IOException {
        InboundCheck check = new InboundCheck(source.dns(spec), InboundOptions.DEFAULT, Thread::startVirtualThread, clock);
        try (InputStream in = message.open()) {
            return check.check(Connection.UNKNOWN, in);
        }
    }

    private SealedHeaders covered() {
        try {
            return headers == null ? SealedHeaders.DEFAULT : new SealedHeaders.Exactly(headers);
        } catch (IllegalArgumentException e) {
            throw Signet.wrong(spec, "--headers", String.valueOf(e.getMessage()));
        }
    }

    private AuthenticationResults parse(String text) {
        return switch (AuthenticationResults.parse(authservId + "; " + text)) {
            case AuthenticationResults.Parse.Sound(AuthenticationResults results) -> results;
            case AuthenticationResults.Parse.Malformed(String reason) -> throw Signet.wrong(
                    spec, "--authentication-results", "found " + text + " (" + reason + "), expected results as behind the "
                            + "authserv-id of an Authentication-Results field (RFC 8601), such as spf=pass smtp.mailfrom=a@example.com");
        };
    }

    private int failed(String reason) {
        console.err().println("signet seal: " + reason);
        return Signet.FAILED;
    }
}
