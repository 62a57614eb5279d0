// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets.list;

import dev.signet.message.HeaderBlock;
import dev.signet.message.HeaderField;
import dev.signet.message.Mailbox;
import dev.signet.message.MailboxList;
import dev.signet.message.Utf8;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The header of a post that goes out in the name of its list (RFC 7960 §4.1.3.1).
 *
 * <p>Others: Mailman 3 writes {@code Author via List <list@...>}, takes the domain of an address out of the name, and adds the author
 * to the addresses of Reply-To, or to Cc where the list itself is to be answered ({@code reply_goes_to_list}), so that answers reach
 * whom they would have reached. Google Groups says "via" as well, and keeps what stood there in X-Original-From, where programs that
 * look for the author find it. groups.io gives every author an address of his own, which it forwards. Here: as Mailman does, the
 * administrator choosing between the two places, and X-Original-From.
 *
 * @param list the address of the list
 * @param name of the list, words of letters and digits without an address, at most 64 characters
 */
public record FromMunging(ListAddress list, String name, AuthorTo authorTo) {

    /** Where those who answer find the author. */
    public enum AuthorTo { REPLY_TO, CC }

    private static final String FROM = "From";
    private static final String ORIGINAL = "X-Original-From";
    private static final String REPLY_TO = "Reply-To";
    private static final String CC = "Cc";

    // RFC 5322 §2.1.1: a line should have 78 characters and must not have more than 998.
    private static final int LINE = 78;
    private static final int MAX_LINE = 998;

    // RFC 5321 §4.5.3.1.3: no server has to take a longer one.
    private static final int MAX_ADDRESS = 254;

    /** @throws IllegalArgumentException for a name that would not stand before the address as it is given */
    public FromMunging {
        if (name.isEmpty() || !DisplayName.clean(name).equals(name)) {
            throw new IllegalArgumentException("name: found \"" + name + "\", expected words of letters and digits, no address, at most "
                    + DisplayName.MAX_LENGTH + " characters");
        }
    }

    /** For a header that has one From field, with one author domain; nothing for another. */
    public MessageEdit edit(HeaderBlock header) {
        List<Mailbox> authors = mailboxes(header, FROM);
        if (header.all(FROM).size() != 1 || authors.isEmpty()) {
            return MessageEdit.NONE;
        }
        List<HeaderField> fields = new ArrayList<>();
        Set<String> replaced = new HashSet<>(Set.of(FROM, ORIGINAL));
        fields.add(HeaderField.of(FROM, " " + mailbox(FROM, fromName(authors), list.toString())));
        fields.add(original(header.all(FROM).getFirst().body()));
        List<Mailbox> reachable = authors.stream().filter(author -> author.address().length() <= MAX_ADDRESS).toList();
        List<String> places = switch (authorTo) {
            case REPLY_TO -> List.of(REPLY_TO, CC);
            case CC -> List.of(CC, REPLY_TO);
        };
        // What cannot be read stays as it is: an address that we add might be lost in it, or change what it says.
        places.stream().filter(field -> isReadable(header, field)).findFirst().ifPresent(field -> {
            List<Mailbox> missing = missing(reachable, field, header);
            if (!missing.isEmpty()) {
                fields.add(extended(field, header, missing));
                replaced.add(field);
            }
        });
        return MessageEdit.ofHeader(fields, field -> replaced.stream().anyMatch(field::nameIs));
    }

    /** {@code Author via List}; where there are several authors as many as there is room for. */
    private String fromName(List<Mailbox> authors) {
        String names = DisplayName.clean(
                authors.stream().map(FromMunging::nameOf).filter(words -> !words.isEmpty()).collect(Collectors.joining(", ")));
        return names.isEmpty() ? name : names + " via " + name;
    }

    /** Who gives no name is called by the local part. Never by the address: that is what the new field must not show. */
    private static String nameOf(Mailbox author) {
        String words = DisplayName.of(author);
        return words.isEmpty() ? DisplayName.clean(Utf8.decode(author.localPart()).orElse("")) : words;
    }

    /** The old field under another name, byte for byte. */
    private static HeaderField original(String body) {
        int lineEnd = body.indexOf("\r\n");
        int firstLine = ORIGINAL.length() + 1 + (lineEnd < 0 ? body.length() : lineEnd);
        return HeaderField.of(ORIGINAL, firstLine <= MAX_LINE ? body : "\r\n " + body.stripLeading());
    }

    private static boolean isReadable(HeaderBlock header, String field) {
        List<HeaderField> all = header.all(field);
        return all.isEmpty() || (all.size() == 1 && MailboxList.parse(all.getFirst().body()) instanceof MailboxList.Parse.Sound);
    }

    private static List<Mailbox> missing(List<Mailbox> authors, String field, HeaderBlock header) {
        // Whoever is in To is reached as well as in Cc.
        List<String> there = Stream.of(field, field.equals(CC) ? "To" : field)
                .flatMap(name -> mailboxes(header, name).stream())
                .map(Mailbox::address)
                .toList();
        return authors.stream().filter(author -> there.stream().noneMatch(author.address()::equalsIgnoreCase)).toList();
    }

    /** Of all fields of this name that can be read. */
    private static List<Mailbox> mailboxes(HeaderBlock header, String name) {
        return header.all(name).stream()
                .flatMap(field -> MailboxList.parse(field.body()) instanceof MailboxList.Parse.Sound(List<Mailbox> sound)
                        ? sound.stream()
                        : Stream.empty())
                .toList();
    }

    private static HeaderField extended(String field, HeaderBlock header, List<Mailbox> authors) {
        String added = authors.stream()
                .map(author -> mailbox(field, DisplayName.of(author), author.address()))
                .collect(Collectors.joining(",\r\n "));
        return HeaderField.of(field, header.first(field).map(found -> found.body() + ",\r\n ").orElse(" ") + added);
    }

    private static String mailbox(String field, String words, String address) {
        if (words.isEmpty()) {
            return address;
        }
        String phrase = DisplayName.phrase(words);
        boolean fits = !phrase.contains("\r\n") && field.length() + 2 + phrase.length() + 3 + address.length() <= LINE;
        return phrase + (fits ? " <" : "\r\n <") + address + ">";
    }
}
