// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import org.apache.commons.configuration2.Configuration;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.hook.HookResult;
import org.apache.james.protocols.smtp.hook.RcptHook;

import jakarta.inject.Inject;

/**
 * Answers RCPT for the addresses that reports come back to, which James's {@code ValidRcptHandler} would refuse because no user has
 * them. Only for the null sender: nothing but a bounce is expected there. All other recipients it leaves to the next.
 *
 * <p>In {@code smtpserver.xml}, in each {@code smtpserver} that takes mail from outside, in front of {@code ValidRcptHandler}:
 *
 * <pre>{@code
 * <handlerchain>
 *   <handler class="dev.signet.mailets.ReportBouncesHook"/>
 *   <handler class="org.apache.james.smtpserver.fastfail.ValidRcptHandler"/>
 *   <handler class="org.apache.james.smtpserver.CoreCmdHandlerLoader"/>
 * </handlerchain>
 * }</pre>
 *
 * <p>It takes no parameters; {@code conf/signet.properties} has {@code reports.bounces} ({@link Settings}). {@link TrackReports} reads
 * what it lets in.
 */
public final class ReportBouncesHook implements RcptHook {

    private final Signet signet;

    @Inject
    public ReportBouncesHook(Signet signet) {
        this.signet = signet;
    }

    @Override
    public void init(Configuration config) throws ConfigurationException {
        try {
            Parameters.of(config, ReportBouncesHook.class).refuseOthers();
            signet.settings();
        } catch (ParameterException e) {
            throw new ConfigurationException(e.getMessage(), e);
        }
    }

    @Override
    public HookResult doRcpt(SMTPSession session, MaybeSender sender, MailAddress recipient) {
        return sender.isNullSender() && signet.settings().sending().comesBackTo(recipient) ? HookResult.OK : HookResult.DECLINED;
    }
}
