// SPDX-License-Identifier: Apache-2.0
package dev.signet.spf;

import dev.signet.dns.Network;
import org.jspecify.annotations.Nullable;

/** What a directive asks about the client (RFC 7208 §5). A null domain stands for the domain whose record it is. */
sealed interface Mechanism {

    /** §5.1: everybody. */
    record All() implements Mechanism {}

    /** §5.2: whoever passes the record of another domain. */
    record Include(MacroString domain) implements Mechanism {}

    /** §5.3: the addresses of a name. */
    record A(@Nullable MacroString domain, int bits4, int bits6) implements Mechanism {}

    /** §5.4: the addresses of the mail exchangers of a name. */
    record Mx(@Nullable MacroString domain, int bits4, int bits6) implements Mechanism {}

    /** §5.5: whoever has a validated name under a domain; not recommended, but still there. */
    record Ptr(@Nullable MacroString domain) implements Mechanism {}

    /** §5.6. */
    record Ip4(Network block) implements Mechanism {}

    /** §5.6. */
    record Ip6(Network block) implements Mechanism {}

    /** §5.7: whoever makes a name that has an A record. */
    record Exists(MacroString domain) implements Mechanism {}
}
