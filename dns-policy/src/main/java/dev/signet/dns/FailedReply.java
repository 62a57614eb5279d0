// SPDX-License-Identifier: Apache-2.0
package dev.signet.dns;

/**
 * Carries the cause of a temporary failure through dnsjava's futures, whose only other way out is a message. Never leaves
 * this package.
 */
final class FailedReply extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** @param cause as in {@link DnsAnswer.TempFailure#cause} */
    FailedReply(String cause) {
        super(cause, null, false, false);
    }
}
