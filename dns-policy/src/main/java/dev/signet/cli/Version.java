// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import picocli.CommandLine.IVersionProvider;

import java.util.Optional;

/** The version that the manifest of our jar tells. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        String version = Optional.ofNullable(Version.class.getPackage().getImplementationVersion()).orElse("(not packaged)");
        return new String[] {"signet " + version};
    }
}
