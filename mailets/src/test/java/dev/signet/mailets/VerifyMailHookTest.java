// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import static dev.signet.mailets.MailWorld.MESSAGE;
import static dev.signet.mailets.MailWorld.bytes;
import static dev.signet.mailets.MailWorld.signed;
import static dev.signet.mailets.MailWorld.verdict;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.dkim.DkimResult;
import dev.signet.dkim.DkimState;
import org.apache.commons.configuration2.BaseHierarchicalConfiguration;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.apache.james.protocols.smtp.hook.HookResult;
import org.apache.james.server.core.MailImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

class VerifyMailHookTest {

    private final MailWorld world;
    private final VerifyMailHook hook;

    VerifyMailHookTest(@TempDir Path directory) {
        world = new MailWorld(directory);
        hook = new VerifyMailHook(world.signet, world.failures);
    }

    @AfterEach
    void freeMails() {
        world.close();
    }

    @Test
    void keepsTheVerdictWithTheMailAndLeavesTheMessageAlone() throws Exception {
        String message = signed(MESSAGE);
        MailImpl mail = world.mail(message);

        HookResult answer = hook.onMessage(Sessions.from("192.0.2.7"), mail);

        assertThat(answer).isEqualTo(HookResult.DECLINED);
        assertThat(verdict(mail).dkim()).extracting(DkimResult::state).containsExactly(DkimState.PASS);
        assertThat(bytes(mail)).isEqualTo(message);
    }

    @Test
    void verifiesHeaderFieldsOfRawUtf8() throws Exception {
        MailImpl mail = world.mail(signed(MESSAGE.replace("dinner", "d\u00c3\u00aener \u00e9")));

        hook.onMessage(Sessions.from("192.0.2.7"), mail);

        assertThat(verdict(mail).dkim()).extracting(DkimResult::state).containsExactly(DkimState.PASS);
    }

    @Test
    void declinesWhateverGoesWrong() throws Exception {
        MailImpl mail = world.mail(MESSAGE);

        assertThat(hook.onMessage(Sessions.broken(), mail)).isEqualTo(HookResult.DECLINED);
        assertThat(mail.hasAttributes()).isFalse();
    }

    @Test
    void declinesAMailWithoutAMessage() {
        MailImpl empty = MailImpl.builder().name("empty").build();

        assertThat(hook.onMessage(Sessions.from("192.0.2.7"), empty)).isEqualTo(HookResult.DECLINED);
    }

    @Test
    void knowsItsParameters() {
        BaseHierarchicalConfiguration sound = new BaseHierarchicalConfiguration();
        sound.addProperty("[@class]", VerifyMailHook.class.getName());
        assertThatCode(() -> hook.init(sound)).doesNotThrowAnyException();

        BaseHierarchicalConfiguration wrong = new BaseHierarchicalConfiguration();
        wrong.addProperty("modus", "enforce");
        assertThatThrownBy(() -> hook.init(wrong))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("handler dev.signet.mailets.VerifyMailHook: found an unknown parameter modus, expected only helpUrl, mode, "
                        + "refuseRelays, temperror");
    }
}
