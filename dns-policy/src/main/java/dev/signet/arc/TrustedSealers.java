// SPDX-License-Identifier: Apache-2.0
package dev.signet.arc;

import dev.signet.dns.DomainName;
import dev.signet.dns.DomainPattern;
import dev.signet.file.AdminFile;
import dev.signet.file.UnusableFileException;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whose seals are believed here. A seal proves who sealed, and nothing else: anybody may seal what he made up (RFC 8617 §9.4), so
 * an administrator names those who would not. Immutable.
 */
public final class TrustedSealers {

    /** Nobody. */
    public static final TrustedSealers NONE = new TrustedSealers(List.of());

    private static final int MAX_FILE = 1 << 20;

    private final List<DomainPattern> trusted;

    private TrustedSealers(List<DomainPattern> trusted) {
        this.trusted = List.copyOf(trusted);
    }

    /**
     * Reads a list: on each line {@code list.example}, or {@code *.example} for all below it. What follows a {@code #} is a
     * comment; lines may be empty.
     *
     * @throws IllegalArgumentException with the number of the line, what was found, and what was expected
     */
    public static TrustedSealers of(List<String> lines) {
        List<DomainPattern> trusted = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).replaceFirst("#.*", "").strip();
            try {
                if (!line.isEmpty()) {
                    trusted.add(DomainPattern.of(line));
                }
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("line " + (i + 1) + ": " + e.getMessage(), e);
            }
        }
        return new TrustedSealers(trusted);
    }

    /**
     * Reads a file of such lines, in UTF-8.
     *
     * @throws UnusableFileException for a file that is missing, unreadable, or holds anything else
     */
    public static TrustedSealers read(Path path) {
        AdminFile file = new AdminFile(path, "list of trusted sealers", "a domain on each line", MAX_FILE);
        try {
            return of(file.read(StandardCharsets.UTF_8).lines().toList());
        } catch (IllegalArgumentException e) {
            throw file.unusable(String.valueOf(e.getMessage()), e);
        }
    }

    /** Those and these. */
    public TrustedSealers and(TrustedSealers others) {
        return new TrustedSealers(Stream.concat(trusted.stream(), others.trusted.stream()).toList());
    }

    boolean include(DomainName sealer) {
        return trusted.stream().anyMatch(pattern -> pattern.matches(sealer));
    }

    /**
     * Whether the newest sealer of a chain that passed is among these. Those before him do not count: they sealed another message, of
     * which he could have kept the seals and nothing else.
     */
    public boolean sealedLast(ArcResult chain) {
        return chain.state() == ArcState.PASS && !chain.sealers().isEmpty() && include(chain.sealers().getLast());
    }

    /**
     * What those whom we trust say about a message: the word of the oldest of them, as far back as nobody else has touched the
     * chain after him. It is evidence for another evaluation of DMARC and decides nothing by itself.
     *
     * @return empty where the chain did not pass, the newest sealer is not trusted, or has nothing to say that can be read
     */
    public Optional<Testimony> testimony(ArcCheck check) {
        return check.passed().flatMap(this::testimony);
    }

    private Optional<Testimony> testimony(ArcChain chain) {
        // A sealer whose signature leaves the author open vouches for nobody: From could be anything by now.
        if (!chain.newest().message().covers("From")) {
            return Optional.empty();
        }
        // From the newest back. Whoever is behind a sealer that we do not trust may have been made up by that one.
        Optional<ArcSet> oldest = Optional.empty();
        for (ArcSet set : chain.sets().reversed()) {
            if (!include(set.sealer())) {
                break;
            }
            oldest = Optional.of(set);
        }
        return oldest.flatMap(ArcSet::results).map(results -> Testimony.of(results, chain));
    }
}
