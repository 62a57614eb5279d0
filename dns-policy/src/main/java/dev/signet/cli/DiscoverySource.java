// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import dev.signet.dmarc.DmarcDiscovery;
import dev.signet.dmarc.SuffixList;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;

/** How DMARC policies are found. */
final class DiscoverySource {

    @Option(names = "--suffix-list", paramLabel = "FILE",
            description = "Finds DMARC policies by a public suffix list in the format of publicsuffix.org (RFC 7489) instead of a tree walk.")
    private @Nullable Path suffixList;

    DmarcDiscovery discovery(CommandSpec command) {
        if (suffixList == null) {
            return DmarcDiscovery.treeWalk();
        }
        try (Reader characters = Files.newBufferedReader(suffixList)) {
            return DmarcDiscovery.suffixList(SuffixList.read(characters));
        } catch (IOException e) {
            throw Signet.wrong(
                    command, "--suffix-list", "found " + suffixList + " unusable (" + Trouble.of(e) + "), expected a public suffix list");
        }
    }
}
