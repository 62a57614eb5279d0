// SPDX-License-Identifier: Apache-2.0
package dev.signet.file;

import java.io.Serial;

/** A file that cannot be used, with a message that tells the administrator which file, what was found, what was expected. */
public final class UnusableFileException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    UnusableFileException(String message) {
        super(message);
    }

    UnusableFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
