// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** Says in words what Java says by the class of an exception. */
final class Trouble {

    private Trouble() {}

    static String of(IOException e) {
        return switch (e) {
            case NoSuchFileException ignored -> "no such file";
            case AccessDeniedException ignored -> "this user may not read it";
            default -> String.valueOf(e.getMessage());
        };
    }
}
