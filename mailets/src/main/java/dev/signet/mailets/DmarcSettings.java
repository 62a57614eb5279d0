// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import dev.signet.dmarc.AuthorHandling;
import dev.signet.dmarc.Disposition;
import dev.signet.dmarc.DmarcChecker;
import dev.signet.dmarc.DmarcDiscovery;
import dev.signet.dmarc.DomainOverride;
import dev.signet.dmarc.GuavaSuffixes;
import dev.signet.dmarc.LocalPolicy;
import dev.signet.dmarc.MailingList;
import dev.signet.dmarc.Sampler;
import dev.signet.dmarc.SamplingKeyFile;
import dev.signet.dmarc.SuffixList;
import dev.signet.dns.DomainName;
import org.apache.james.filesystem.api.FileSystem;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code conf/signet.properties} says of DMARC; {@link Settings} has the table.
 *
 * @param suffixList where the public suffix list lies, as a URL of James; empty for Guava's
 * @param samplingKey where the key of the lots lies, as a URL of James
 */
record DmarcSettings(
        boolean on,
        Discovery discovery,
        Optional<String> suffixList,
        Percent percent,
        int enforce,
        String samplingKey,
        LocalPolicy local,
        AuthorHandling unclearAuthor) {

    /** How policies are found. */
    enum Discovery { TREE_WALK, SUFFIX_LIST }

    /** What the tag pct counts. */
    enum Percent { HONOUR, IGNORE }

    /** Not in conf/, where many a James may not write. */
    static final String DEFAULT_KEY = "file://var/signet-sampling.key";

    static DmarcSettings of(Parameters from) {
        DmarcSettings settings = new DmarcSettings(
                from.flag("dmarc", true),
                from.choice("dmarc.discovery", Discovery.TREE_WALK),
                from.text("dmarc.suffix-list"),
                from.choice("dmarc.pct", Percent.HONOUR),
                from.number("dmarc.enforce", 100, 0, 100),
                from.text("dmarc.sampling-key").orElse(DEFAULT_KEY),
                new LocalPolicy(overrides(from), lists(from), from.networks("dmarc.trusted-networks")),
                from.choice("dmarc.unclear-author", AuthorHandling.STRICTEST));
        if (settings.suffixList().isPresent() && settings.discovery() == Discovery.TREE_WALK) {
            throw from.wrong("dmarc.suffix-list", settings.suffixList().get(), "dmarc.discovery = suffix-list beside it, a tree walk needs none");
        }
        return settings;
    }

    /**
     * How mail is to be checked; empty where it is not. Reads the files, and makes the sampling key if there is none yet.
     *
     * @throws ParameterException for a file that cannot be used
     */
    Optional<DmarcChecker> checker(FileSystem files, SecureRandom random) {
        return on
                ? Optional.of(new DmarcChecker(discovery(files), local, sampler(files, random), unclearAuthor))
                : Optional.empty();
    }

    private DmarcDiscovery discovery(FileSystem files) {
        return switch (discovery) {
            case TREE_WALK -> DmarcDiscovery.treeWalk();
            case SUFFIX_LIST -> DmarcDiscovery.suffixList(
                    suffixList.isPresent() ? suffixes(files, suffixList.get()) : new GuavaSuffixes());
        };
    }

    private static SuffixList suffixes(FileSystem files, String url) {
        try {
            Path path = files.getFile(url).toPath();
            try (Reader characters = Files.newBufferedReader(path)) {
                return SuffixList.read(characters);
            } catch (NoSuchFileException e) {
                throw new IOException(path + ": found no such file, expected a public suffix list", e);
            } catch (IOException e) {
                throw new IOException(path + ": found it unusable (" + e + "), expected a public suffix list", e);
            }
        } catch (IOException e) {
            throw unusable("dmarc.suffix-list", e);
        }
    }

    private Sampler sampler(FileSystem files, SecureRandom random) {
        if (percent == Percent.IGNORE && enforce == 100) {
            return Sampler.withoutLots();
        }
        try {
            Path path = files.getFile(samplingKey).toPath();
            if (samplingKey.equals(DEFAULT_KEY)) {
                // Some Jameses make var/ only when they first write to it. A folder of the administrator's own choice may be a slip.
                Files.createDirectories(path.toAbsolutePath().getParent());
            }
            return new Sampler(new SamplingKeyFile(path).readOrMake(random), percent == Percent.HONOUR, enforce);
        } catch (IOException e) {
            throw unusable("dmarc.sampling-key", e);
        }
    }

    private static ParameterException unusable(String name, IOException cause) {
        return new ParameterException(Settings.FILE, name + ": " + cause.getMessage(), cause);
    }

    private static List<DomainOverride> overrides(Parameters from) {
        String name = "dmarc.overrides";
        Set<String> seen = new HashSet<>();
        return from.list(name).stream()
                .map(text -> override(text).filter(override -> seen.add(override.toString())).orElseThrow(() -> from.wrong(
                        name, text, "domains, each once and each with none, quarantine or reject: example.com reject, *.partner.example none")))
                .toList();
    }

    private static Optional<DomainOverride> override(String text) {
        String[] words = text.split("\\s+", -1);
        if (words.length != 2) {
            return Optional.empty();
        }
        try {
            return Arrays.stream(Disposition.values())
                    .filter(disposition -> disposition.word().equals(words[1].toLowerCase(Locale.ROOT)))
                    .findFirst()
                    .map(disposition -> DomainOverride.of(words[0], disposition));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static List<MailingList> lists(Parameters from) {
        String name = "dmarc.lists";
        return from.list(name).stream()
                .map(text -> list(text).orElseThrow(() -> from.wrong(
                        name, text, "a List-Id and the domain that answers for that list: talk.lists.example lists.example")))
                .toList();
    }

    private static Optional<MailingList> list(String text) {
        String[] words = text.split("\\s+", -1);
        return words.length != 2
                ? Optional.empty()
                : DomainName.parse(words[0]).flatMap(id -> DomainName.parse(words[1]).map(domain -> new MailingList(id, domain)));
    }
}
