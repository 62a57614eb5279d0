// SPDX-License-Identifier: Apache-2.0
package dev.signet.srs;

/**
 * How addresses are made, and for how long they hold.
 *
 * @param maxAge days for which an address holds, 1 to 1023: the day in it counts modulo 1024
 * @param hashLength characters of Base64 in new addresses, and at least as many in addresses that are accepted, 4 to 27; each has six
 *     bits, of which about five are left where letters may change their case
 */
public record SrsOptions(int maxAge, int hashLength) {

    /** As Mail::SRS, libsrs2 and PostSRSd have it: three weeks, in which a server gives up its attempts and sends its bounce. */
    public static final SrsOptions DEFAULT = new SrsOptions(21, 4);

    public SrsOptions {
        if (maxAge < 1 || maxAge > 1023) {
            throw new IllegalArgumentException("maxAge: found " + maxAge + ", expected 1 to 1023");
        }
        if (hashLength < 4 || hashLength > 27) {
            throw new IllegalArgumentException("hashLength: found " + hashLength + ", expected 4 to 27");
        }
    }
}
