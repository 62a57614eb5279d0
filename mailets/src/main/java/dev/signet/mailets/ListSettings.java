// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import dev.signet.dns.DomainName;
import dev.signet.file.AdminFile;
import dev.signet.file.ReloadingFile;
import dev.signet.file.UnusableFileException;
import dev.signet.mailets.list.Footer;
import dev.signet.mailets.list.ListAddress;
import dev.signet.mailets.list.ListFields;
import dev.signet.mailets.list.OneClick;
import dev.signet.mailets.list.SubjectPrefix;
import dev.signet.message.HeaderField;
import org.apache.james.core.MailAddress;
import org.apache.james.util.Size;

import jakarta.mail.internet.AddressException;

import java.io.FileNotFoundException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The parameters of {@link ListPost}, which describes them.
 *
 * @param members empty for James's group of the list's address
 * @param authenticated whether a member is only who cannot be a forger
 * @param maxSize in bytes
 * @param processor where posts go
 * @param moderation where mail goes that is for a human to judge
 * @param automatic where mail goes that is never posted
 */
record ListSettings(
        MailAddress address,
        MailAddress sender,
        Posting posting,
        boolean authenticated,
        long maxSize,
        String processor,
        String moderation,
        String automatic,
        Optional<ReloadingFile<ListMembers>> members,
        ListFields fields,
        Optional<OneClick> oneClick,
        Optional<SubjectPrefix> subjectPrefix,
        Optional<ReloadingFile<Footer>> footer) {

    /** Whose mail is posted without a moderator. */
    enum Posting { MEMBERS, EVERYBODY, NOBODY }

    private static final String DEFAULT_SIZE = "1M";
    private static final int MAX_FOOTER = 16 * 1024;
    private static final int MAX_FOOTER_LINE = 200;
    private static final int MIN_SECRET = 16;

    private static final Pattern NAME = Pattern.compile("[\\x20-\\x7E&&[^\"\\\\<>]]{1,200}");
    private static final Pattern PROCESSOR = Pattern.compile("[^\\s]+");
    private static final Pattern URI = Pattern.compile("(?:https?|mailto):[\\x21-\\x7E&&[^<>,]]{1,900}");

    /** @param boundaries as {@link Footer} wants them */
    static ListSettings of(Parameters from, Signet signet, Supplier<String> boundaries) {
        MailAddress address = address(from, "address").orElseThrow(() -> from.wrong("address", "", "the address of the list"));
        ListAddress list = ListAddress.parse(address.asString())
                .filter(parsed -> mailAddress(parsed.with("-bounces")).isPresent())
                .orElseThrow(() -> from.wrong("address", address.asString(), "an address that needs no quotes, such as talk@example.org"));
        List<String> unsubscribe = uris(from, "unsubscribe").orElse(List.of("mailto:" + list.with("-request") + "?subject=unsubscribe"));
        Optional<OneClick> oneClick = oneClick(from, signet, unsubscribe);
        return new ListSettings(
                address,
                address(from, "sender").orElseGet(() -> mailAddress(list.with("-bounces")).orElseThrow()),
                from.choice("posting", Posting.MEMBERS),
                from.flag("authenticated", true),
                from.read("maxSize", "a size such as 512K or 10M", ListSettings::size).orElseGet(() -> size(DEFAULT_SIZE).orElseThrow()),
                processor(from, "processor", "list"),
                processor(from, "moderation", "error"),
                processor(from, "automatic", "ghost"),
                members(from, signet),
                new ListFields(list, id(from, list), name(from), commands(from, list, unsubscribe, oneClick.isPresent())),
                oneClick,
                from.text("subjectPrefix").map(SubjectPrefix::new),
                reloading(from, "footer", signet, path -> footer(path, boundaries), footer -> "a footer"));
    }

    private static List<HeaderField> commands(Parameters from, ListAddress list, List<String> unsubscribe, boolean oneClick) {
        List<HeaderField> fields = new ArrayList<>();
        fields.add(ListFields.command("List-Post", List.of("mailto:" + list)));
        fields.add(ListFields.command("List-Help", uris(from, "help").orElse(List.of("mailto:" + list.with("-request") + "?subject=help"))));
        uris(from, "subscribe").ifPresent(uris -> fields.add(ListFields.command("List-Subscribe", uris)));
        uris(from, "owner").ifPresent(uris -> fields.add(ListFields.command("List-Owner", uris)));
        uris(from, "archive").ifPresent(uris -> fields.add(ListFields.command("List-Archive", uris)));
        if (!oneClick) {
            fields.add(ListFields.command("List-Unsubscribe", unsubscribe));
        }
        return fields;
    }

    private static Optional<OneClick> oneClick(Parameters from, Signet signet, List<String> unsubscribe) {
        String expected = "an https URL with " + OneClick.MEMBER + " and " + OneClick.TOKEN
                + " in it, such as https://lists.example.org/leave?member={member}&token={token}";
        Optional<String> template = from.read("oneClick", expected, text -> Optional.of(text)
                .filter(url -> url.startsWith("https://") && url.contains(OneClick.MEMBER) && url.contains(OneClick.TOKEN))
                .filter(url -> URI.matcher(url).matches()));
        Optional<Path> secret = from.text("oneClickSecret").map(url -> path(from, "oneClickSecret", url, signet));
        if (template.isPresent() != secret.isPresent()) {
            throw from.wrong(template.isPresent() ? "oneClickSecret" : "oneClick", "", "both oneClick and oneClickSecret, or none of them");
        }
        return template.map(url -> {
            try {
                return new OneClick(url, secret(secret.orElseThrow()), unsubscribe);
            } catch (UnusableFileException e) {
                throw from.wrong("oneClickSecret", e);
            }
        });
    }

    private static String secret(Path path) {
        AdminFile file = new AdminFile(path, "secret", "one line of at least " + MIN_SECRET + " characters", MAX_FOOTER);
        String secret = file.read(StandardCharsets.UTF_8).strip();
        if (secret.length() < MIN_SECRET || secret.lines().count() > 1) {
            throw file.unusable("found " + secret.length() + " characters in " + secret.lines().count()
                    + " lines, expected one line of at least " + MIN_SECRET);
        }
        return secret;
    }

    private static Footer footer(Path path, Supplier<String> boundaries) {
        AdminFile file = new AdminFile(path, "footer", "a text in UTF-8 of at most " + MAX_FOOTER + " bytes", MAX_FOOTER);
        String text = file.read(StandardCharsets.UTF_8);
        if (text.isBlank() || text.chars().anyMatch(c -> c == 0xFFFD || (Character.isISOControl(c) && c != '\n' && c != '\r' && c != '\t'))) {
            throw file.unusable("found " + (text.isBlank() ? "nothing" : "what is no text") + ", expected a text in UTF-8");
        }
        // RFC 5322 §2.1.1 lets a line have 998 bytes, which are four of UTF-8 for each character at most.
        if (text.lines().anyMatch(line -> line.length() > MAX_FOOTER_LINE)) {
            throw file.unusable("found a longer line, expected lines of at most " + MAX_FOOTER_LINE + " characters");
        }
        return new Footer(text, boundaries);
    }

    private static Optional<ReloadingFile<ListMembers>> members(Parameters from, Signet signet) {
        String group = "group";
        return from.text("members").orElse(group).equals(group)
                ? Optional.empty()
                : reloading(from, "members", signet, ListMembers::read, members -> members.size() + " members");
    }

    private static <T> Optional<ReloadingFile<T>> reloading(
            Parameters from, String name, Signet signet, Function<Path, T> reader, Function<T, String> description) {
        return from.text(name).map(url -> {
            Path path = path(from, name, url, signet);
            try {
                return new ReloadingFile<>(path, () -> reader.apply(path), description, signet.clock());
            } catch (UnusableFileException e) {
                throw from.wrong(name, e);
            }
        });
    }

    private static Path path(Parameters from, String name, String url, Signet signet) {
        try {
            if (url.startsWith("file:")) {
                return signet.file(url);
            }
        } catch (FileNotFoundException e) {
            // The same mistake.
        }
        throw from.wrong(name, url, "the URL of a file, such as file://conf/talk.txt");
    }

    private static Optional<MailAddress> address(Parameters from, String name) {
        return from.read(name, "an address such as talk@example.org", ListSettings::mailAddress);
    }

    private static Optional<MailAddress> mailAddress(String text) {
        try {
            return Optional.of(new MailAddress(text));
        } catch (AddressException e) {
            return Optional.empty();
        }
    }

    private static DomainName id(Parameters from, ListAddress list) {
        return from.read("id", "a name like that of a domain, such as talk.example.org", DomainName::parse)
                .or(() -> DomainName.parse(list.localPart() + "." + list.domain()))
                .orElseThrow(() -> from.wrong("id", "", "a name like that of a domain, which the address cannot be turned into"));
    }

    private static String name(Parameters from) {
        return from.read("name", "up to 200 characters of ASCII without quotes, backslashes and angle brackets",
                text -> Optional.of(text).filter(name -> NAME.matcher(name).matches())).orElse("");
    }

    private static String processor(Parameters from, String name, String otherwise) {
        return from.read(name, "the name of a processor",
                text -> Optional.of(text).filter(processor -> PROCESSOR.matcher(processor).matches())).orElse(otherwise);
    }

    private static Optional<List<String>> uris(Parameters from, String name) {
        List<String> uris = from.list(name);
        for (String uri : uris) {
            if (!URI.matcher(uri).matches()) {
                throw from.wrong(name, uri, "URIs with commas between them that begin with https:, http: or mailto:");
            }
        }
        return uris.isEmpty() ? Optional.empty() : Optional.of(uris);
    }

    private static Optional<Long> size(String text) {
        try {
            return Optional.of(Size.parse(text.toUpperCase(Locale.ROOT), Size.Unit.NoUnit).asBytes()).filter(bytes -> bytes > 0);
        } catch (Exception e) { // Size.parse declares it.
            return Optional.empty();
        }
    }
}
