// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import dev.signet.inbound.Connection;
import org.apache.commons.configuration2.Configuration;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.apache.james.core.Username;
import org.apache.james.protocols.api.ProtocolSession.State;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.hook.HookResult;
import org.apache.james.smtpserver.JamesMessageHook;
import org.apache.mailet.Mail;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import jakarta.inject.Inject;

import javax.net.ssl.SSLSession;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * Verifies a message at the end of DATA and keeps the verdict with the mail, for {@link VerifyMail} and the matchers. It
 * refuses nothing.
 *
 * <p>This is the only place where James still has the exact bytes that the client sent: when James queues a mail it writes
 * header fields as US-ASCII, and every 8-bit byte in them (raw UTF-8 subjects, SMTPUTF8) becomes a question mark.
 *
 * <p>In {@code smtpserver.xml}, in each {@code smtpserver} that takes mail from outside:
 *
 * <pre>{@code
 * <handlerchain>
 *   <handler class="dev.signet.mailets.VerifyMailHook"/>
 *   <handler class="org.apache.james.smtpserver.CoreCmdHandlerLoader"/>
 * </handlerchain>
 * }</pre>
 *
 * <p>It takes no parameters; {@code conf/signet.properties} says how mail is checked ({@link Settings}).
 */
public final class VerifyMailHook implements JamesMessageHook {

    private static final Logger LOGGER = LoggerFactory.getLogger(VerifyMailHook.class);

    private final Signet signet;

    @Inject
    public VerifyMailHook(Signet signet) {
        this.signet = signet;
    }

    @Override
    public void init(Configuration config) throws ConfigurationException {
        try {
            parametersOf(config).refuseOthers();
            signet.settings();
        } catch (ParameterException e) {
            throw new ConfigurationException(e.getMessage(), e);
        }
    }

    @Override
    public HookResult onMessage(SMTPSession session, Mail mail) {
        try {
            // The mail itself knows nothing yet: James tells it about the client only after the configured hooks.
            StoredVerdict.check(signet.check(), connectionOf(session, mail), mail);
        } catch (Exception e) {
            // Whatever it is, mail must flow; VerifyMail finds no verdict and tries again.
            LOGGER.error("{}: could not be verified on arrival", mail.getName(), e);
        }
        return HookResult.DECLINED;
    }

    private static Connection connectionOf(SMTPSession session, Mail mail) {
        InetSocketAddress client = session.getRemoteAddress();
        Username user = session.getUsername();
        return new Connection(
                client == null ? null : client.getAddress(),
                session.getAttachment(SMTPSession.CURRENT_HELO_NAME, State.Connection).orElse(null),
                Envelope.mailFrom(mail),
                user == null ? null : user.asString(),
                session.getSSLSession().map(VerifyMailHook::describe).orElse(null));
    }

    private static @Nullable String describe(SSLSession tls) {
        return Envelope.tls(tls.getProtocol(), tls.getCipherSuite());
    }

    private static Parameters parametersOf(Configuration config) {
        Map<String, String> values = new HashMap<>();
        for (Iterator<String> names = config.getKeys(); names.hasNext(); ) {
            String name = names.next();
            // Attributes of the handler element are James's: class, enableJmx.
            if (!name.startsWith("[@")) {
                values.put(name, config.getString(name));
            }
        }
        return new Parameters("handler " + VerifyMailHook.class.getName(), values);
    }
}
