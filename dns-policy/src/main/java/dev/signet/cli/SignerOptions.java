// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import dev.signet.dkim.Signer;
import dev.signet.dns.DomainName;
import dev.signet.file.UnusableFileException;
import dev.signet.keys.KeyFile;
import dev.signet.keys.SigningKey;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

import java.nio.file.Path;

/** In whose name a command signs. */
final class SignerOptions {

    @Option(names = "--domain", required = true, paramLabel = "D", converter = DomainConverter.class,
            description = "The domain that signs.")
    private DomainName domain;

    @Option(names = "--selector", required = true, paramLabel = "S",
            description = "The name of the key, which is published at S._domainkey.D.")
    private String selector;

    @Option(names = "--key", required = true, paramLabel = "PEM",
            description = "The private key: RSA or Ed25519, PKCS#1 or PKCS#8, not encrypted.")
    private Path key;

    /** Reads the key, and tells what is to be said against it. */
    Signer signer(CommandSpec command, Console console) {
        SigningKey signingKey;
        try {
            signingKey = new KeyFile(key).read();
        } catch (UnusableFileException e) {
            throw Signet.wrong(command, "--key", String.valueOf(e.getMessage()));
        }
        try {
            Signer signer = new Signer(domain, selector, signingKey);
            signingKey.warning().ifPresent(warning -> console.err().println(command.qualifiedName() + ": warning: " + warning));
            return signer;
        } catch (IllegalArgumentException e) {
            throw Signet.wrong(command, "--selector", String.valueOf(e.getMessage()));
        }
    }
}
