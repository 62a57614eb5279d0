// SPDX-License-Identifier: Apache-2.0
package dev.signet.interop;

import dev.signet.keys.KeyRecord;

import java.io.IOException;

/** An implementation of ARC, ours or another's. */
interface ArcPeer extends AutoCloseable {

    /** Makes a public key known to it. */
    void publish(KeyRecord record) throws IOException;

    /** {@code "pass"}, or what it complains of. */
    String validate(String message) throws IOException;

    /**
     * The message with one set more. What becomes of its chain so far, and the rest of what there is to testify, is taken from the
     * Authentication-Results field on its top, whose authserv-id is the key's domain.
     */
    String seal(TestKey key, String message) throws IOException;

    @Override
    void close();
}
