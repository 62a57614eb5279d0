// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

/**
 * What to do with a message that has not exactly one author domain. RFC 9989 §5.3.1 stops there, and §11.5 warns of those who
 * write such messages so that it does.
 */
public enum AuthorHandling {
    /** The strictest policy among the domains applies, as if each of them had failed. The default. */
    STRICTEST,
    /** Refuse the message. */
    REJECT,
    /** Say permerror, and do nothing. */
    NONE
}
