// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import dev.signet.dns.DomainName;
import dev.signet.keys.GeneratedKey;
import dev.signet.keys.KeyGenerator;
import dev.signet.keys.KeyRecord;
import dev.signet.keys.KeyType;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/** {@code signet keygen}: a private key, and the DNS record that publishes its public half. */
@Command(
        name = "keygen",
        description = {
            "Makes a private key and the DNS record for it, ready to paste into a zone.",
            "With --out the key goes to a new file that only its owner may read, and the record to standard output. "
                    + "Without, the key goes to standard output and the record to standard error.",
        },
        sortOptions = false,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class KeygenCommand implements Callable<Integer> {

    private final Console console;
    private final KeyGenerator generator;

    @Spec
    private CommandSpec spec;

    @Option(names = "--domain", required = true, paramLabel = "D", converter = DomainConverter.class,
            description = "The domain that signs.")
    private DomainName domain;

    @Option(names = "--selector", required = true, paramLabel = "S",
            description = "The name of the key: it is published at S._domainkey.D.")
    private String selector;

    @Option(names = "--type", required = true, paramLabel = "rsa|ed25519", converter = KeyTypeConverter.class,
            description = "The kind of key. Not all receivers know ed25519 yet: sign with both, or with rsa.")
    private KeyType type;

    @Option(names = "--bits", paramLabel = "N", description = "The size of an RSA key, 1024 to 8192; without it 2048.")
    private @Nullable Integer bits;

    @Option(names = "--out", paramLabel = "PEM", description = "The file to make. An existing file is left alone.")
    private @Nullable Path out;

    KeygenCommand(Console console, KeyGenerator generator) {
        this.console = console;
        this.generator = generator;
    }

    @Override
    public Integer call() {
        GeneratedKey key = generate();
        String record = record(key);
        key.key().warning().ifPresent(warning -> console.err().println("signet keygen: warning: " + warning));
        if (out == null) {
            console.out().print(key.pem());
            console.err().println(record);
        } else {
            write(key, out);
            console.out().println(record);
        }
        return Signet.OK;
    }

    private GeneratedKey generate() {
        return switch (type) {
            case ED25519 -> {
                if (bits != null) {
                    throw Signet.wrong(spec, "--bits", "found " + bits + ", expected no such option: an Ed25519 key always has 256");
                }
                yield generator.ed25519();
            }
            case RSA -> {
                try {
                    yield generator.rsa(bits == null ? KeyGenerator.DEFAULT_RSA_BITS : bits);
                } catch (IllegalArgumentException e) {
                    throw Signet.wrong(spec, "--bits", String.valueOf(e.getMessage()));
                }
            }
        };
    }

    private String record(GeneratedKey key) {
        try {
            return KeyRecord.of(key.key(), selector, domain).masterFileLine();
        } catch (IllegalArgumentException e) {
            throw Signet.wrong(spec, "--selector", String.valueOf(e.getMessage()));
        }
    }

    private void write(GeneratedKey key, Path file) {
        try {
            key.writeTo(file);
        } catch (FileAlreadyExistsException e) {
            throw Signet.wrong(spec, "--out", "found " + file + ", expected a file that does not exist yet: a key is never overwritten");
        } catch (NoSuchFileException e) {
            throw Signet.wrong(spec, "--out", "found no folder for " + file + ", expected one that exists");
        } catch (AccessDeniedException e) {
            throw Signet.wrong(spec, "--out", "found that this user may not write " + file + ", expected that it may");
        } catch (UnsupportedOperationException e) {
            throw Signet.wrong(spec, "--out", "found a file system without owner-only rights for " + file + ", expected one with them");
        } catch (IOException e) {
            throw Signet.wrong(spec, "--out", "cannot write " + file + ": " + e.getMessage());
        }
    }
}
