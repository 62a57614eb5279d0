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
record Console(InputStream in, PrintStream out, PrintStream err) {

    /** A stranger's text on one line of a terminal, which it must not command. */
    static String printable(String text) {
        return text.replaceAll("[^\\x20-\\x7E]", "?");
    }
}
