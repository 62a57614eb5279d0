// SPDX-License-Identifier: Apache-2.0
package dev.signet.keys;

import java.io.Serial;
import java.nio.file.Path;

/** A key file that cannot be used, with a message that tells the administrator which file, what was found, what was expected. */
public final class KeyFileException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    KeyFileException(Path file, String problem) {
        super(message(file, problem));
    }

    KeyFileException(Path file, String problem, Throwable cause) {
        super(message(file, problem), cause);
    }

    private static String message(Path file, String problem) {
        return "key file " + file + ": " + problem;
    }
}
