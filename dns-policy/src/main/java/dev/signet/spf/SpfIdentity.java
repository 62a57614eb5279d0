// SPDX-License-Identifier: Apache-2.0
package dev.signet.spf;

/** Which name of the SMTP session is checked (RFC 7208 §2.3 and §2.4). */
public enum SpfIdentity {

    /** The reverse-path; for a null sender {@code postmaster@} the HELO name. */
    MAIL_FROM("mailfrom"),

    /** The name that the client gave with HELO or EHLO. */
    HELO("helo");

    private final String word;

    SpfIdentity(String word) {
        this.word = word;
    }

    /** The word that stands for it in {@code Received-SPF} (RFC 7208 §9.1). */
    public String word() {
        return word;
    }
}
