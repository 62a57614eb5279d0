// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import dev.signet.dns.DomainName;
import dev.signet.srs.SrsReverse;
import org.apache.commons.configuration2.Configuration;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.james.protocols.smtp.SMTPRetCode;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.dsn.DSNStatus;
import org.apache.james.protocols.smtp.hook.HookResult;
import org.apache.james.protocols.smtp.hook.HookReturnCode;
import org.apache.james.protocols.smtp.hook.RcptHook;

import jakarta.inject.Inject;

/**
 * Answers RCPT for addresses that {@link RewriteSender} made: takes those that hold, which James's {@code ValidRcptHandler} would
 * refuse because no user has them, and refuses those that are forged or expired. All other recipients it leaves to the next.
 *
 * <p>In {@code smtpserver.xml}, in each {@code smtpserver} that takes mail from outside, in front of {@code ValidRcptHandler}:
 *
 * <pre>{@code
 * <handlerchain>
 *   <handler class="dev.signet.mailets.RewriteSenderHook"/>
 *   <handler class="org.apache.james.smtpserver.fastfail.ValidRcptHandler"/>
 *   <handler class="org.apache.james.smtpserver.CoreCmdHandlerLoader"/>
 * </handlerchain>
 * }</pre>
 *
 * <p>It takes no parameters; {@code conf/signet.properties} has {@code srs.domain} and {@code srs.secrets} ({@link Settings}).
 */
public final class RewriteSenderHook implements RcptHook {

    private final Signet signet;

    @Inject
    public RewriteSenderHook(Signet signet) {
        this.signet = signet;
    }

    @Override
    public void init(Configuration config) throws ConfigurationException {
        try {
            Parameters.of(config, RewriteSenderHook.class).refuseOthers();
            signet.settings().srs().forwarder();
            signet.srs();
        } catch (ParameterException e) {
            throw new ConfigurationException(e.getMessage(), e);
        }
    }

    @Override
    public HookResult doRcpt(SMTPSession session, MaybeSender sender, MailAddress recipient) {
        DomainName forwarder = signet.settings().srs().forwarder();
        if (DomainName.parse(recipient.getDomain().asString()).filter(forwarder::equals).isEmpty()) {
            return HookResult.DECLINED;
        }
        return switch (signet.srs().reverse(recipient.getLocalPart())) {
            case SrsReverse.Original ignored -> HookResult.OK;
            case SrsReverse.NotSrs ignored -> HookResult.DECLINED;
            case SrsReverse.Refused(SrsReverse.Cause ignored, String reason) -> HookResult.builder()
                    .hookReturnCode(HookReturnCode.deny())
                    .smtpReturnCode(SMTPRetCode.MAILBOX_PERM_UNAVAILABLE)
                    .smtpDescription(DSNStatus.getStatus(DSNStatus.PERMANENT, DSNStatus.ADDRESS_MAILBOX) + " " + reason)
                    .build();
        };
    }
}
