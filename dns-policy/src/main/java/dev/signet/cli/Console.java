// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import java.io.InputStream;
import java.io.PrintStream;

/**
 * The three streams of a command.
 *
 * @param in bytes, such as a message
 * @param out the outcome: text, or a message byte for byte
 * @param err notes and errors, for people
 */
record Console(InputStream in, PrintStream out, PrintStream err) {}
