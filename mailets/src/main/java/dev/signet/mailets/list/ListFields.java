// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets.list;

import dev.signet.dns.DomainName;
import dev.signet.message.HeaderField;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The header fields by which programs know a list (RFC 2369, RFC 2919).
 *
 * @param id of the List-Id
 * @param name words in front of it; empty for none. Printable ASCII without quotes and backslashes
 * @param commands List-Post, List-Help and so on, see {@link #command}
 */
public record ListFields(ListAddress address, DomainName id, String name, List<HeaderField> commands) {

    /** Which lists a message went through. The name is Mailman's, whose users' filters know it. */
    static final String MARKER = "X-BeenThere";

    // The last four ask every member's program for a receipt; Mailman takes them out, too. The first two are of the envelope that the
    // post came in (RFC 5321 §4.4, RFC 5322 §3.6.3).
    private static final Set<String> REMOVED = Set.of(
            "return-path", "bcc", "precedence", "archived-at",
            "disposition-notification-to", "return-receipt-to", "x-confirm-reading-to", "x-pmrqc");

    public ListFields {
        commands = List.copyOf(commands);
    }

    /** A field of RFC 2369: URIs in the order in which a reader should try them, or the word {@code NO}. */
    public static HeaderField command(String field, List<String> uris) {
        return HeaderField.of(field, uris.stream()
                .map(uri -> uri.equals("NO") ? " NO" : " <" + uri + ">")
                .collect(Collectors.joining(",\r\n")));
    }

    /**
     * How a message gets them. RFC 2369 §4: a list replaces those of a list that it is a member of. All else stays: signatures
     * that no longer hold count as none (RFC 6376 §6.1), but an ARC chain vouches for what they were, and what others wrote in
     * Authentication-Results is theirs. Mailman keeps both, too.
     */
    public MessageEdit edit() {
        List<HeaderField> fields = new ArrayList<>();
        fields.add(HeaderField.of(MARKER, " " + address));
        // RFC 3834 §2: a hint not to answer, which vacation programs take.
        fields.add(HeaderField.of("Precedence", " list"));
        fields.add(HeaderField.of("List-Id", (name.isEmpty() ? "" : " \"" + name + "\"") + " <" + id + ">"));
        fields.addAll(commands);
        return MessageEdit.ofHeader(fields, ListFields::isRemoved);
    }

    private static boolean isRemoved(HeaderField field) {
        String fieldName = field.name().toLowerCase(Locale.ROOT);
        return fieldName.startsWith("list-") || REMOVED.contains(fieldName);
    }
}
