// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import picocli.CommandLine.Command;

/** {@code signet report}: what is done with DMARC reports. */
@Command(
        name = "report",
        description = "DMARC reports.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class ReportCommand {}
