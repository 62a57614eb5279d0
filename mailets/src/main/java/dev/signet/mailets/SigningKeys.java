// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import com.google.common.base.Splitter;
import dev.signet.dkim.Signer;
import dev.signet.dns.DomainName;
import dev.signet.file.UnusableFileException;
import dev.signet.keys.KeyFile;
import dev.signet.keys.ReloadingKeyFile;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Which keys sign for which author. Immutable, but for the key files, which are read again when they change. */
final class SigningKeys {

    private static final String EXPECTED =
            "author-domain selector key-file [domain=...] [password=... | passwordFile=... | passwordEnv=...]";
    private static final Set<String> OPTIONS = Set.of("domain", "password", "passwordFile", "passwordEnv");

    /**
     * One key.
     *
     * @param domain {@code d=}; empty for the author's own
     */
    private record Entry(AuthorPattern author, Optional<DomainName> domain, String selector, ReloadingKeyFile key) {

        /** Empty where the key would sign for the author's own domain and there is none. */
        Optional<Signer> signerFor(@Nullable DomainName author) {
            return domain.or(() -> Optional.ofNullable(author)).map(name -> new Signer(name, selector, key.current()));
        }
    }

    private final List<Entry> entries;

    private SigningKeys(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /** @throws ParameterException for a key that is not as it must be, or cannot be read */
    static SigningKeys of(Parameters from, Signet signet) {
        List<String> lines = from.list("key");
        Map<String, String> options = new HashMap<>();
        OPTIONS.forEach(name -> from.text(name).ifPresent(value -> options.put(name, value)));
        Optional<String> selector = from.text("selector");
        Optional<String> keyFile = from.text("keyFile");
        boolean simple = selector.isPresent() || keyFile.isPresent() || !options.isEmpty();
        boolean whole = simple
                ? lines.isEmpty() && selector.isPresent() && keyFile.isPresent() && options.containsKey("domain")
                : !lines.isEmpty();
        if (!whole) {
            throw from.wrong("key", withoutPassword(String.join(", ", lines)), "either some <key>" + EXPECTED
                    + "</key>, or <domain>, <selector> and <keyFile> and no <key>");
        }
        Reader reader = new Reader(from, signet);
        return new SigningKeys(simple
                ? List.of(reader.entry("keyFile", new AuthorPattern.Anybody(), selector.orElseThrow(), keyFile.orElseThrow(), options))
                : lines.stream().map(reader::line).toList());
    }

    /**
     * All keys of the pattern that fits the author best.
     *
     * @param author null where a message has no author domain, or not just one
     */
    List<Signer> signersFor(@Nullable DomainName author) {
        int best = entries.stream().filter(entry -> entry.author().matches(author)).mapToInt(entry -> entry.author().rank()).max().orElse(-1);
        List<Signer> signers = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.author().matches(author) && entry.author().rank() == best) {
                entry.signerFor(author).ifPresent(signers::add);
            }
        }
        return signers;
    }

    private static String withoutPassword(String line) {
        return line.replaceAll("password=\\S*", "password=...");
    }

    /** Reads the configuration of one mailet. */
    private record Reader(Parameters from, Signet signet) {

        Entry line(String line) {
            List<String> words = Splitter.onPattern("\\s+").splitToList(line.strip());
            Map<String, String> options = new HashMap<>();
            for (String option : words.subList(Math.min(3, words.size()), words.size())) {
                int equals = option.indexOf('=');
                if (equals < 0 || !OPTIONS.contains(option.substring(0, equals))
                        || options.put(option.substring(0, equals), option.substring(equals + 1)) != null) {
                    throw from.wrong("key", withoutPassword(line), EXPECTED);
                }
            }
            if (words.size() < 3) {
                throw from.wrong("key", withoutPassword(line), EXPECTED);
            }
            AuthorPattern author = AuthorPattern.parse(words.get(0))
                    .orElseThrow(() -> from.wrong("key", words.get(0), "a domain, *.domain or * as the author's domain"));
            return entry("key", author, words.get(1), words.get(2), options);
        }

        Entry entry(String name, AuthorPattern author, String selector, String file, Map<String, String> options) {
            Optional<DomainName> domain = options.containsKey("domain")
                    ? Optional.of(DomainName.parse(options.get("domain"))
                            .orElseThrow(() -> from.wrong("domain", Objects.toString(options.get("domain")), "a domain name")))
                    : author.signingDomain();
            try {
                Optional<String> password = password(options);
                ReloadingKeyFile key = new ReloadingKeyFile(new KeyFile(signet.file(file), password), signet.clock());
                // What a signer demands of its selector is found out now, not with the first mail.
                new Signer(domain.orElse(DomainName.of("example")), selector, key.current());
                return new Entry(author, domain, selector, key);
            } catch (IOException | UnusableFileException | IllegalArgumentException e) {
                throw from.wrong(name, e);
            }
        }

        private Optional<String> password(Map<String, String> options) throws IOException {
            if (options.keySet().stream().filter(option -> option.startsWith("password")).count() > 1) {
                throw new IllegalArgumentException("found more than one, expected only one of password, passwordFile, passwordEnv");
            }
            String file = options.get("passwordFile");
            String variable = options.get("passwordEnv");
            if (file != null) {
                return Optional.of(Files.readString(signet.file(file), StandardCharsets.UTF_8).strip());
            }
            if (variable != null) {
                String value = System.getenv(variable);
                if (value == null) {
                    throw new IllegalArgumentException("passwordEnv: found no environment variable " + variable + ", expected the password in it");
                }
                return Optional.of(value);
            }
            return Optional.ofNullable(options.get("password"));
        }
    }
}
