// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import dev.signet.file.AdminFile;
import dev.signet.message.AuthorDomain;
import dev.signet.message.HeaderBlock;
import dev.signet.message.HeaderField;
import dev.signet.message.MailboxList;
import org.apache.james.core.MailAddress;
import org.apache.james.rrt.api.RecipientRewriteTable;
import org.apache.james.rrt.api.RecipientRewriteTableException;
import org.apache.james.rrt.lib.Mapping;
import org.apache.james.rrt.lib.MappingSource;

import jakarta.mail.internet.AddressException;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The members of a list, each once: addresses that differ only in case are one member's. */
final class ListMembers {

    // A hundred thousand and more.
    private static final int MAX_FILE = 4 << 20;

    private final Map<String, MailAddress> byName = new LinkedHashMap<>();

    private ListMembers(List<MailAddress> addresses) {
        addresses.forEach(address -> byName.putIfAbsent(name(address.asString()), address));
    }

    /** James's group of this address; of no members where there is none. */
    static ListMembers ofGroup(RecipientRewriteTable table, MailAddress list) throws RecipientRewriteTableException {
        return new ListMembers(table.getStoredMappings(MappingSource.fromMailAddress(list))
                .select(Mapping.Type.Group)
                .asStream()
                .map(Mapping::asMailAddress)
                .flatMap(Optional::stream)
                .toList());
    }

    /**
     * Reads a file with an address on each line. Empty lines do not count, and neither does what stands behind a {@code #} at the
     * beginning of a line or behind white space.
     *
     * @throws dev.signet.file.UnusableFileException with what was found and what was expected; for a file without any address too, which
     *     is more likely a mistake than a list of nobody
     */
    static ListMembers read(Path path) {
        AdminFile file = new AdminFile(path, "members file", "an address on each line", MAX_FILE);
        List<MailAddress> addresses = new ArrayList<>();
        int number = 0;
        for (String line : file.read(StandardCharsets.UTF_8).split("\r?\n", -1)) {
            number++;
            String address = line.replaceFirst("(^|\\s)#.*", "").strip();
            if (!address.isEmpty()) {
                try {
                    addresses.add(new MailAddress(address));
                } catch (AddressException e) {
                    throw file.unusable("found \"" + address + "\" in line " + number + ", expected an address such as ann@example.org", e);
                }
            }
        }
        if (addresses.isEmpty()) {
            throw file.unusable("found none, expected an address on each line");
        }
        return new ListMembers(addresses);
    }

    /** All but the list itself, which would only get its own posts back. */
    Collection<MailAddress> recipients(MailAddress list) {
        String own = name(list.asString());
        return byName.entrySet().stream().filter(member -> !member.getKey().equals(own)).map(Map.Entry::getValue).toList();
    }

    /** Whether all authors of a message are. One that could be read in two ways has no author. */
    boolean include(HeaderBlock header) {
        return AuthorDomain.of(header) instanceof AuthorDomain.One
                && header.first("From").map(HeaderField::body).map(MailboxList::parse).orElseThrow() instanceof MailboxList.Parse.Sound from
                && from.mailboxes().stream().allMatch(author -> byName.containsKey(name(author.address())));
    }

    int size() {
        return byName.size();
    }

    private static String name(String address) {
        return address.toLowerCase(Locale.ROOT);
    }
}
