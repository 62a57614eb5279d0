// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets.list;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** The body of a message, to be read as often as need be. */
@FunctionalInterface
public interface BodySource {

    /**
     * A new stream, at the first byte behind the empty line. The caller closes it.
     *
     * @return empty for a message that has no empty line, and therefore no body
     * @throws IOException where the message cannot be read
     */
    Optional<InputStream> open() throws IOException;
}
