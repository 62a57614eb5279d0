// SPDX-License-Identifier: Apache-2.0
package dev.signet.dns;

import java.net.InetAddress;

/**
 * The record types that mail authentication asks for.
 *
 * @param <T> what a record of this type holds
 */
public final class RecordType<T> {

    /** The strings of one record joined without spaces; one char per octet (ISO-8859-1), so that no byte is lost. */
    public static final RecordType<String> TXT = new RecordType<>("TXT", 16, String.class);

    /** IPv4 addresses. */
    public static final RecordType<InetAddress> A = new RecordType<>("A", 1, InetAddress.class);

    /** IPv6 addresses. */
    public static final RecordType<InetAddress> AAAA = new RecordType<>("AAAA", 28, InetAddress.class);

    /** Mail exchangers. */
    public static final RecordType<MailExchanger> MX = new RecordType<>("MX", 15, MailExchanger.class);

    /** Names of an address, asked for at its reverse name ({@link DomainName#reverseOf}). */
    public static final RecordType<DomainName> PTR = new RecordType<>("PTR", 12, DomainName.class);

    private final String name;
    private final int code;
    private final Class<T> valueClass;

    private RecordType(String name, int code, Class<T> valueClass) {
        this.name = name;
        this.code = code;
        this.valueClass = valueClass;
    }

    /** The number of this type on the wire (RFC 1035 §3.2.2, RFC 3596 §2.1). */
    int code() {
        return code;
    }

    Class<T> valueClass() {
        return valueClass;
    }

    @Override
    public String toString() {
        return name;
    }
}
