// SPDX-License-Identifier: Apache-2.0
package dev.signet.store;

import java.io.Serial;
import java.sql.SQLException;

/** Carries what a database threw through an iterator. */
public final class UncheckedSQLException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    UncheckedSQLException(SQLException cause) {
        super(cause.getMessage(), cause);
    }
}
