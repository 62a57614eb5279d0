// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import dev.signet.message.HeaderField;
import org.apache.james.mailrepository.api.MailRepositoryUrl;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@link ApplyDmarc} does with a mail. None of it is a bounce. */
sealed interface DmarcAction {

    /** In a message to the administrator. */
    String EXPECTED = "one of: nothing; header NAME: VALUE; processor NAME; repository URL, such as file://var/mail/dmarc/; error";

    Pattern WORDS = Pattern.compile("(\\p{Alpha}+)(?:\\s+(\\S.*))?");

    // RFC 5322 §3.6.8: printable, no colon. Of the value we ask for one line of ASCII.
    Pattern FIELD = Pattern.compile("([!-9;-~]{1,70})\\s*:\\s*([\\x21-\\x7E][\\x20-\\x7E]{0,700})");

    /** Goes on as it is. */
    record Nothing() implements DmarcAction {}

    /** Goes on with a field in front. */
    record Header(String name, String value) implements DmarcAction {
        HeaderField field() {
            return HeaderField.of(name, " " + value);
        }
    }

    /** Goes on in another processor. */
    record Processor(String name) implements DmarcAction {}

    /** Ends in a repository, and nobody is told. */
    record Repository(MailRepositoryUrl url) implements DmarcAction {}

    /** Ends where James's configuration sends what a mailet fails on. */
    record Failure() implements DmarcAction {}

    /** Empty for what is none of them. */
    static Optional<DmarcAction> parse(String text) {
        Matcher words = WORDS.matcher(text);
        if (!words.matches()) {
            return Optional.empty();
        }
        Optional<String> object = Optional.ofNullable(words.group(2));
        return switch (words.group(1).toLowerCase(Locale.ROOT)) {
            case "nothing" -> object.isEmpty() ? Optional.of(new Nothing()) : Optional.empty();
            case "error" -> object.isEmpty() ? Optional.of(new Failure()) : Optional.empty();
            case "header" -> object.map(FIELD::matcher).filter(Matcher::matches).map(field -> new Header(field.group(1), field.group(2)));
            case "processor" -> object.filter(name -> name.chars().noneMatch(Character::isWhitespace)).map(Processor::new);
            case "repository" -> object.filter(url -> url.matches("\\w+://\\S+")).map(MailRepositoryUrl::from).map(Repository::new);
            default -> Optional.empty();
        };
    }
}
