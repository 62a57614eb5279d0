// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import java.io.Serial;

/** A mistake in the configuration. The message tells the administrator where, which parameter, what was found, what was expected. */
final class ParameterException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    ParameterException(String where, String problem) {
        super(where + ": " + problem);
    }

    ParameterException(String where, String problem, Throwable cause) {
        super(where + ": " + problem, cause);
    }
}
