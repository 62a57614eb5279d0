// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import dev.signet.dkim.DkimSigner;
import dev.signet.dkim.Signer;
import dev.signet.dkim.SigningOptions;
import dev.signet.message.HeaderField;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code signet sign}: a message with a DKIM signature on top. */
@Command(
        name = "sign",
        description = "Signs a message with DKIM and writes the whole signed message to standard output.",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class SignCommand implements Callable<Integer> {

    private final Console console;
    private final InstantSource clock;

    @Spec
    private CommandSpec spec;

    @Mixin
    private SignerOptions signerOptions = new SignerOptions();

    @Option(names = "--canonicalization", paramLabel = "HEADER/BODY", defaultValue = "relaxed/relaxed",
            converter = CanonicalizationConverter.class,
            description = "simple or relaxed, for header and body; without it ${DEFAULT-VALUE}.")
    private CanonicalizationConverter.Forms forms;

    @Option(names = "--headers", split = ":", paramLabel = "A:B:C",
            description = "The fields to sign, From among them. Naming one more often than it occurs keeps others from adding it. "
                    + "Without it, all fields that matter to a reader, so protected.")
    private @Nullable List<String> headers;

    @Option(names = "--expire-in", paramLabel = "DURATION", converter = DurationConverter.class,
            description = "How long the signature holds, such as P7D, 7d or 12h; without it for ever.")
    private @Nullable Duration expireIn;

    @Parameters(index = "0", paramLabel = "FILE", description = "The message; - is standard input.")
    private String file;

    SignCommand(Console console, InstantSource clock) {
        this.console = console;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        SigningOptions options = options();
        Signer signer = signerOptions.signer(spec, console);
        try {
            MessageFile message = MessageFile.of(file, console);
            return switch (sign(message, options, signer)) {
                case DkimSigner.Result.Signed(List<HeaderField> fields) -> {
                    message.writeBehind(fields, console.out());
                    yield Signet.OK;
                }
                case DkimSigner.Result.NotSigned(String reason) -> failed(message + ": not signed: " + reason);
            };
        } catch (IOException e) {
            return failed(file + ": " + Trouble.of(e));
        }
    }

    private SigningOptions options() {
        SigningOptions options = SigningOptions.DEFAULT.withForms(forms.header(), forms.body());
        if (expireIn != null) {
            options = options.withExpireIn(expireIn);
        }
        try {
            return headers == null ? options : options.withHeaders(headers);
        } catch (IllegalArgumentException e) {
            throw Signet.wrong(spec, "--headers", String.valueOf(e.getMessage()));
        }
    }

    private DkimSigner.Result sign(MessageFile message, SigningOptions options, Signer signer) throws IOException {
        try (InputStream in = message.open()) {
            return new DkimSigner(options, clock).sign(in, List.of(signer));
        }
    }

    private int failed(String reason) {
        console.err().println("signet sign: " + reason);
        return Signet.FAILED;
    }
}
