// SPDX-License-Identifier: Apache-2.0
/**
 * The {@code signet} command. Each command is one class; {@link dev.signet.cli.Signet} puts them together.
 */
@NullMarked
package dev.signet.cli;

import org.jspecify.annotations.NullMarked;
