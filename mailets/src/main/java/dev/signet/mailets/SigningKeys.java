// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import com.google.common.base.Splitter;
import dev.signet.dkim.Signer;
import dev.signet.dns.DomainName;
import dev.signet.file.UnusableFileException;
import dev.signet.keys.KeyFile;
import dev.signet.keys.KeyType;
import dev.signet.keys.ReloadingKeyFile;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Which keys sign for which domain: of the author, for signatures, or of the envelope sender, for seals. Immutable, but for the key
 * files, which are read again when they change.
 */
final class SigningKeys {

    private static final Set<String> OPTIONS = Set.of("domain", "password", "passwordFile", "passwordEnv");

    /**
     * One key.
     *
     * @param domain {@code d=}; empty for the one that it was chosen by
     */
    private record Entry(KeyPattern chosenBy, Optional<DomainName> domain, String selector, ReloadingKeyFile key) {

        /** Empty where the key would sign for the domain that it was chosen by and there is none. */
        Optional<Signer> signerFor(@Nullable DomainName found) {
            return domain.or(() -> Optional.ofNullable(found)).map(name -> new Signer(name, selector, key.current()));
        }
    }

    private final List<Entry> entries;

    private SigningKeys(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /**
     * Keys that are chosen by the author's domain.
     *
     * @throws ParameterException for a key that is not as it must be, or cannot be read
     */
    static SigningKeys ofAuthors(Parameters from, Signet signet) {
        return read(new Reader(from, signet, "author"));
    }

    /**
     * Keys for seals, chosen by the envelope sender's domain. A seal that does not hold breaks its chain for good, so these are not
     * allowed to go wrong in every way that the others may.
     *
     * @throws ParameterException as {@link #ofAuthors}; for a key that seals in the name of whoever sends; for one that is not RSA;
     *     and for two keys for the same mail
     */
    static SigningKeys ofSenders(Parameters from, Signet signet) {
        SigningKeys keys = read(new Reader(from, signet, "sender"));
        Set<KeyPattern> patterns = new HashSet<>();
        for (Entry entry : keys.entries) {
            String key = entry.chosenBy() + " " + entry.selector();
            if (entry.domain().isEmpty()) {
                throw from.wrong("key", key, "domain= behind it: others do not publish our key");
            }
            if (!patterns.add(entry.chosenBy())) {
                throw from.wrong("key", key, "one key for " + entry.chosenBy() + ": a set has one seal");
            }
            // RFC 8617 §4.1.2 has what RFC 6376 has. Nobody has said what two algorithms in one chain would mean ([ARC-MULTI]).
            if (entry.key().current().type() != KeyType.RSA) {
                throw from.wrong("key", key + ", " + entry.key().current().type(), "a key for RSA: others know no other seals");
            }
        }
        return keys;
    }

    private static SigningKeys read(Reader reader) {
        Parameters from = reader.from();
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
            throw from.wrong("key", withoutPassword(String.join(", ", lines)), "either some <key>" + reader.expected()
                    + "</key>, or <domain>, <selector> and <keyFile> and no <key>");
        }
        return new SigningKeys(simple
                ? List.of(reader.entry("keyFile", new KeyPattern.Anybody(), selector.orElseThrow(), keyFile.orElseThrow(), options))
                : lines.stream().map(reader::line).toList());
    }

    /**
     * All keys of the pattern that fits a domain best.
     *
     * @param domain null where a message has no such domain, or not just one
     */
    List<Signer> signersFor(@Nullable DomainName domain) {
        int best = entries.stream().filter(entry -> entry.chosenBy().matches(domain)).mapToInt(entry -> entry.chosenBy().rank()).max().orElse(-1);
        List<Signer> signers = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.chosenBy().matches(domain) && entry.chosenBy().rank() == best) {
                entry.signerFor(domain).ifPresent(signers::add);
            }
        }
        return signers;
    }

    private static String withoutPassword(String line) {
        return line.replaceAll("password=\\S*", "password=...");
    }

    /**
     * Reads the configuration of one mailet.
     *
     * @param whose domain chooses: author or sender
     */
    private record Reader(Parameters from, Signet signet, String whose) {

        String expected() {
            return whose + "-domain selector key-file [domain=...] [password=... | passwordFile=... | passwordEnv=...]";
        }

        Entry line(String line) {
            List<String> words = Splitter.onPattern("\\s+").splitToList(line.strip());
            Map<String, String> options = new HashMap<>();
            for (String option : words.subList(Math.min(3, words.size()), words.size())) {
                int equals = option.indexOf('=');
                if (equals < 0 || !OPTIONS.contains(option.substring(0, equals))
                        || options.put(option.substring(0, equals), option.substring(equals + 1)) != null) {
                    throw from.wrong("key", withoutPassword(line), expected());
                }
            }
            if (words.size() < 3) {
                throw from.wrong("key", withoutPassword(line), expected());
            }
            KeyPattern chosenBy = KeyPattern.parse(words.get(0))
                    .orElseThrow(() -> from.wrong("key", words.get(0), "a domain, *.domain or * as the " + whose + "'s domain"));
            return entry("key", chosenBy, words.get(1), words.get(2), options);
        }

        Entry entry(String name, KeyPattern chosenBy, String selector, String file, Map<String, String> options) {
            Optional<DomainName> domain = options.containsKey("domain")
                    ? Optional.of(DomainName.parse(options.get("domain"))
                            .orElseThrow(() -> from.wrong("domain", Objects.toString(options.get("domain")), "a domain name")))
                    : chosenBy.signingDomain();
            try {
                Optional<String> password = password(options);
                ReloadingKeyFile key = new ReloadingKeyFile(new KeyFile(signet.file(file), password), signet.clock());
                // What a signer demands of its selector is found out now, not with the first mail.
                new Signer(domain.orElse(DomainName.of("example")), selector, key.current());
                return new Entry(chosenBy, domain, selector, key);
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
