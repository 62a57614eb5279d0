// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import dev.signet.arc.TrustedSealers;
import dev.signet.file.UnusableFileException;
import org.apache.james.filesystem.api.FileSystem;

import java.io.FileNotFoundException;
import java.util.List;

/**
 * Whose ARC seals {@code conf/signet.properties} trusts; {@link Settings} has the table.
 *
 * @param entries domains, and URLs of James for files that list some
 */
record SealerSettings(List<String> entries) {

    private static final String NAME = "trusted-sealers";

    SealerSettings {
        entries = List.copyOf(entries);
    }

    static SealerSettings of(Parameters from) {
        SealerSettings settings = new SealerSettings(from.list(NAME));
        for (String entry : settings.entries()) {
            if (!isFile(entry)) {
                try {
                    TrustedSealers.of(List.of(entry));
                } catch (IllegalArgumentException e) {
                    throw from.wrong(NAME, entry, "domains such as list.example, *.forward.example, or file://conf/trusted-sealers");
                }
            }
        }
        return settings;
    }

    /** @throws ParameterException for a file that cannot be used */
    TrustedSealers read(FileSystem files) {
        return entries.stream()
                .map(entry -> isFile(entry) ? read(entry, files) : TrustedSealers.of(List.of(entry)))
                .reduce(TrustedSealers.NONE, TrustedSealers::and);
    }

    private static TrustedSealers read(String url, FileSystem files) {
        try {
            return TrustedSealers.read(files.getFile(url).toPath());
        } catch (UnusableFileException | FileNotFoundException e) {
            throw new ParameterException(Settings.FILE, NAME + ": " + e.getMessage(), e);
        }
    }

    private static boolean isFile(String entry) {
        return entry.startsWith("file:");
    }
}
