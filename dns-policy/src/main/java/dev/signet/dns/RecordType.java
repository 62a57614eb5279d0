// SPDX-License-Identifier: Apache-2.0
package dev.signet.dns;

import java.net.InetAddress;

/**
 * The record types that mail authentication asks for.
 *
 * @param <T> what a record of this type holds
 */
@SuppressWarnings("UnusedTypeParameter") // It types the answer, not a field.
public final class RecordType<T> {

    /** The strings of one record joined without spaces; one char per octet (ISO-8859-1), so that no byte is lost. */
    public static final RecordType<String> TXT = new RecordType<>("TXT");

    /** IPv4 addresses. */
    public static final RecordType<InetAddress> A = new RecordType<>("A");

    /** IPv6 addresses. */
    public static final RecordType<InetAddress> AAAA = new RecordType<>("AAAA");

    /** Mail exchangers. */
    public static final RecordType<MailExchanger> MX = new RecordType<>("MX");

    /** Names of an address, asked for at its reverse name ({@link DomainName#reverseOf}). */
    public static final RecordType<DomainName> PTR = new RecordType<>("PTR");

    private final String name;

    private RecordType(String name) {
        this.name = name;
    }

    @Override
    public String toString() {
        return name;
    }
}
