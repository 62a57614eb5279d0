// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import dev.signet.message.HeaderField;
import dev.signet.message.HiddenFields;
import org.apache.james.mailrepository.api.MailRepositoryStore;
import org.apache.james.mailrepository.api.MailRepositoryStore.MailRepositoryStoreException;
import org.apache.james.mailrepository.api.MailRepositoryUrl;
import org.apache.mailet.Mail;
import org.slf4j.Logger;

import jakarta.mail.MessagingException;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Reads a {@link DmarcAction} from a parameter, and does it with a mail. */
final class DmarcActions {

    private final MailRepositoryStore repositories;
    private final Logger log;

    /** @param log of the mailet */
    DmarcActions(MailRepositoryStore repositories, Logger log) {
        this.repositories = repositories;
        this.log = log;
    }

    /** @throws ParameterException also for a repository that James cannot open */
    DmarcAction read(Parameters parameters, String name, DmarcAction otherwise) {
        DmarcAction action = parameters.read(name, DmarcAction.EXPECTED, DmarcAction::parse).orElse(otherwise);
        if (action instanceof DmarcAction.Repository(MailRepositoryUrl url)) {
            try {
                repositories.select(url);
            } catch (MailRepositoryStoreException e) {
                throw parameters.wrong(name, e);
            }
        }
        return action;
    }

    /**
     * Does it.
     *
     * @param why for people: printable ASCII on one line
     */
    void perform(DmarcAction action, Mail mail, String why) throws MessagingException {
        switch (action) {
            case DmarcAction.Nothing nothing -> log.debug("{}: goes on: {}", mail.getName(), why);
            case DmarcAction.Header header -> log.info("{}: goes on with {}: {}", mail.getName(), header.field(), why);
            case DmarcAction.Processor(String name) -> {
                log.info("{}: to processor {}: {}", mail.getName(), name, why);
                mail.setErrorMessage(why);
                mail.setState(name);
            }
            case DmarcAction.Repository(MailRepositoryUrl url) -> store(mail, url, why);
            case DmarcAction.Failure failure -> throw new MessagingException(mail.getName() + ": " + why);
        }
    }

    /**
     * Gives a mail the field of an action, if it has one, in place of all of this name.
     *
     * @param ownFields names of fields that are ours alone
     */
    static void writeField(DmarcAction action, List<String> ownFields, int maxFieldBytes, Mail mail) throws MessagingException {
        List<HeaderField> fields = Optional.of(action)
                .filter(DmarcAction.Header.class::isInstance)
                .map(header -> ((DmarcAction.Header) header).field())
                .stream()
                .toList();
        try {
            MailBytes.exchange(mail, fields, field -> isOneOf(ownFields, field), maxFieldBytes);
        } catch (IOException e) {
            throw new MessagingException(mail.getName() + ": cannot rewrite the message", e);
        }
    }

    private static boolean isOneOf(List<String> names, HeaderField field) {
        return names.stream().anyMatch(name -> field.nameIs(name) || !HiddenFields.find(field, name).isEmpty());
    }

    private void store(Mail mail, MailRepositoryUrl url, String why) throws MessagingException {
        try {
            log.info("{}: to repository {}: {}", mail.getName(), url.asString(), why);
            mail.setErrorMessage(why);
            repositories.select(url).store(mail);
            mail.setState(Mail.GHOST);
        } catch (MailRepositoryStoreException e) {
            throw new MessagingException(mail.getName() + ": cannot open repository " + url.asString(), e);
        }
    }
}
