// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import dev.signet.message.HeaderBlock;
import dev.signet.message.HeaderField;
import dev.signet.message.Mailbox;
import dev.signet.message.MailboxList;
import dev.signet.message.TagList;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a failure report tells of the header of a message. Fields that are not named here are left out, Subject, To and Cc first of
 * all; those that are told are made anew from what is understood of them, so that no name, no comment and no local part comes along
 * (RFC 9991 §7, "minimization"). Enough to find the message in the owner's own logs, and to see which way it came.
 */
final class ToldHeader {

    // RFC 5321 §6.3: more Received fields than a hundred are a loop; the newest few say where it came from.
    private static final int MAX_RECEIVED = 10;
    private static final int MAX_SIGNATURES = 5;
    private static final int MAX_VALUE = 1_000;
    private static final int MAX_ADDRESSES = 5;

    private static final Set<String> TAGS = Set.of("v", "a", "b", "bh", "c", "d", "h", "i", "l", "q", "s", "t", "x");
    // Names and addresses; what else stands in the clauses of a Received field says who somebody is.
    private static final Pattern CLAUSE = Pattern.compile("(?i)(?:^|\\s)(from|by|with)\\s+([A-Za-z0-9._:\\[\\]-]{1,255})(?=[\\s;(]|$)");
    private static final Pattern LITERAL = Pattern.compile("\\[((?:IPv6:)?[0-9A-Fa-f:.]{3,50})\\]");
    private static final Pattern DATE = Pattern.compile("(?:[A-Z][a-z]{2}, )?\\d{1,2} [A-Z][a-z]{2} \\d{2,4} \\d{1,2}:\\d{2}(?::\\d{2})?(?: [+-]\\d{4}| [A-Z]{1,4})?");
    private static final Pattern MESSAGE_ID = Pattern.compile("<[\\x21-\\x3B\\x3D\\x3F-\\x7E]{1,300}>");
    private static final Pattern LIST_ID = Pattern.compile("<([A-Za-z0-9._-]{1,253})>$");

    private final HeaderBlock header;
    private final Redaction redaction;
    private final StringBuilder lines = new StringBuilder();

    private ToldHeader(HeaderBlock header, Redaction redaction) {
        this.header = header;
        this.redaction = redaction;
    }

    /** Lines of ASCII that end with CRLF. */
    static String of(HeaderBlock header, Redaction redaction) {
        return new ToldHeader(header, redaction).tell();
    }

    private String tell() {
        header.all("Received").stream().limit(MAX_RECEIVED).forEach(field -> tell("Received", received(field.unfolded())));
        header.all("DKIM-Signature").stream().limit(MAX_SIGNATURES).forEach(field -> tell("DKIM-Signature", signature(field)));
        for (String name : List.of("From", "Sender", "Resent-From", "Return-Path")) {
            header.first(name).ifPresent(field -> tell(name, addresses(field)));
        }
        header.first("Date").ifPresent(field -> tell("Date", date(withoutComments(field.unfolded()))));
        header.first("Message-ID").map(HeaderField::unfolded)
                .ifPresent(id -> tell("Message-ID", Optional.of(id).filter(text -> MESSAGE_ID.matcher(text).matches())));
        header.first("List-Id").ifPresent(field -> tell("List-Id", listId(field.unfolded())));
        return lines.toString();
    }

    private void tell(String name, Optional<String> value) {
        value.map(text -> text.length() > MAX_VALUE ? text.substring(0, MAX_VALUE) : text)
                .ifPresent(text -> lines.append(ReportMail.field(name, text)));
    }

    private static Optional<String> date(String text) {
        return Optional.of(text.replaceAll("\\s+", " ").strip()).filter(date -> DATE.matcher(date).matches());
    }

    private static String withoutComments(String text) {
        return text.replaceAll("\\([^()]*\\)", " ");
    }

    private static Optional<String> listId(String text) {
        Matcher id = LIST_ID.matcher(text);
        return id.find() ? Optional.of("<" + id.group(1) + ">") : Optional.empty();
    }

    /** The names that hosts gave and have, and the address in the comment behind {@code from}: never for whom, nor who authenticated. */
    private static Optional<String> received(String text) {
        String bounded = text.length() > 4 * MAX_VALUE ? text.substring(0, 4 * MAX_VALUE) : text;
        String bare = withoutComments(bounded);
        StringBuilder told = new StringBuilder();
        Matcher clauses = CLAUSE.matcher(bare);
        while (clauses.find()) {
            String word = clauses.group(1).toLowerCase(Locale.ROOT);
            told.append(told.isEmpty() ? "" : " ").append(word).append(' ').append(clauses.group(2));
            Matcher address = LITERAL.matcher(bounded);
            if (word.equals("from") && clauses.group(2).indexOf('[') < 0 && address.find()) {
                told.append(" ([").append(address.group(1)).append("])");
            }
        }
        if (told.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(told + date(bare.substring(bare.lastIndexOf(';') + 1)).map(date -> "; " + date).orElse(""));
    }

    /** Without z=, which repeats other fields, and without tags that nobody knows. */
    private Optional<String> signature(HeaderField field) {
        return switch (TagList.parse(field.unfolded())) {
            case TagList.Parse.Sound(TagList tags) -> Optional.of(tags.all().stream()
                    .filter(tag -> TAGS.contains(tag.name()))
                    .map(tag -> tag.name() + "=" + value(tag))
                    .collect(Collectors.joining("; ")));
            case TagList.Parse.Malformed ignored -> Optional.empty();
        };
    }

    private String value(TagList.Tag tag) {
        // Before anything looks for addresses in it: a stranger's tag may have a megabyte.
        String value = tag.beginning(MAX_VALUE);
        return tag.name().equals("i") ? redaction.address(value) : redaction.text(value);
    }

    /** What is no list of addresses is left out: nobody can say which part of it is private. */
    private Optional<String> addresses(HeaderField field) {
        return switch (MailboxList.parse(field.body())) {
            case MailboxList.Parse.Sound(List<Mailbox> mailboxes) when !mailboxes.isEmpty() -> Optional.of(mailboxes.stream()
                    .limit(MAX_ADDRESSES)
                    .map(mailbox -> "<" + redaction.address(mailbox.localPart() + "@" + mailbox.domain()) + ">")
                    .collect(Collectors.joining(", ")));
            case MailboxList.Parse.Sound ignored -> Optional.empty();
            case MailboxList.Parse.Malformed ignored -> Optional.empty();
        };
    }
}
