// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Injector;
import org.apache.commons.configuration2.BaseHierarchicalConfiguration;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.apache.james.filesystem.api.FileSystem;
import org.apache.mailet.MailetConfig;
import org.apache.mailet.MailetContext;
import org.apache.mailet.base.test.FakeMailContext;
import org.apache.mailet.base.test.FakeMailetConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import jakarta.inject.Inject;
import jakarta.mail.MessagingException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The injectors stand as those of James do: the server's, below it that of the extensions, on 3.9 one more for each mailet. */
class SignetTest {

    private static final class Server extends AbstractModule {

        private final Path directory;

        Server(Path directory) {
            this.directory = directory;
        }

        @Override
        protected void configure() {
            bind(FileSystem.class).toInstance(MailWorld.fileSystem(directory));
            bind(MailetContext.class).toInstance(FakeMailContext.defaultContext());
        }
    }

    private static final class OneMailet extends AbstractModule {

        @Override
        protected void configure() {
            bind(MailetConfig.class).toInstance(FakeMailetConfig.builder().mailetName("any").build());
        }
    }

    /** Made as James makes hooks and mailets. */
    private static final class Extension {

        private final Signet signet;

        @Inject
        Extension(Signet signet) {
            this.signet = signet;
        }
    }

    @Test
    void isTheSameForHookAndMailetsWithoutItsModule(@TempDir Path directory) {
        Injector extensions = Guice.createInjector(new Server(directory)).createChildInjector();

        assertThatAllShareOne(extensions);
    }

    @Test
    void isTheSameForHookAndMailetsWithItsModule(@TempDir Path directory) {
        Injector extensions = Guice.createInjector(new Server(directory)).createChildInjector(new SignetModule());

        assertThatAllShareOne(extensions);
    }

    /** Guice 5 hides what is thrown while it makes things, so nothing may be. */
    @Test
    void leavesMistakesToInit(@TempDir Path directory) throws IOException {
        writeMistake(directory);
        Injector extensions = Guice.createInjector(new Server(directory)).createChildInjector(new SignetModule());
        String mistake = "conf/signet.properties: deadline: found \"soon\", expected a duration";

        VerifyMail mailet = extensions.getInstance(VerifyMail.class);
        VerifyMailHook hook = extensions.getInstance(VerifyMailHook.class);

        for (int again = 0; again < 2; again++) {
            assertThatThrownBy(() -> mailet.init(FakeMailetConfig.builder().mailetName("VerifyMail").build()))
                    .isInstanceOf(MessagingException.class)
                    .hasMessageStartingWith(mistake);
            assertThatThrownBy(() -> hook.init(new BaseHierarchicalConfiguration()))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageStartingWith(mistake);
        }
    }

    private static void assertThatAllShareOne(Injector extensions) {
        Signet hook = extensions.getInstance(Extension.class).signet;
        Signet mailet = extensions.createChildInjector(new OneMailet()).getInstance(Extension.class).signet;
        Signet other = extensions.createChildInjector(new OneMailet()).getInstance(Extension.class).signet;

        assertThat(mailet).isSameAs(hook);
        assertThat(other).isSameAs(hook);
    }

    private static void writeMistake(Path directory) throws IOException {
        Files.createDirectory(directory.resolve("conf"));
        Files.writeString(directory.resolve("conf/signet.properties"), "deadline = soon\n");
    }
}
