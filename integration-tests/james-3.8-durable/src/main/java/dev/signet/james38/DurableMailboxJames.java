// SPDX-License-Identifier: Apache-2.0
package dev.signet.james38;

import org.apache.james.ExtraProperties;
import org.apache.james.FakeSearchMailboxModule;
import org.apache.james.GuiceJamesServer;
import org.apache.james.JamesServerMain;
import org.apache.james.MemoryJamesConfiguration;
import org.apache.james.MemoryJamesServerMain;
import org.apache.james.data.UsersRepositoryModuleChooser;
import org.apache.james.modules.data.MemoryUsersRepositoryModule;
import org.apache.james.modules.server.DataRoutesModules;
import org.apache.james.modules.server.MailboxRoutesModule;
import org.apache.james.modules.server.NoJwtModule;
import org.apache.james.modules.server.WebAdminServerModule;

/** As {@link DurableJames}, and its mailboxes outlive it, too. Without JMAP, which wants more of mailboxes than these can. */
public final class DurableMailboxJames {

    private DurableMailboxJames() {}

    public static void main(String[] args) throws Exception {
        ExtraProperties.initialize();
        MemoryJamesConfiguration configuration = MemoryJamesConfiguration.builder().useWorkingDirectoryEnvProperty().build();
        GuiceJamesServer server = GuiceJamesServer.forConfiguration(configuration)
                .combineWith(
                        MemoryJamesServerMain.SMTP_AND_IMAP_MODULE,
                        new WebAdminServerModule(),
                        new NoJwtModule(),
                        new DataRoutesModules(),
                        new MailboxRoutesModule(),
                        new FakeSearchMailboxModule())
                .combineWith(new UsersRepositoryModuleChooser(new MemoryUsersRepositoryModule())
                        .chooseModules(configuration.getUsersRepositoryImplementation()))
                .overrideWith(new DurableQueueModule(), new DurableMailboxModule());
        JamesServerMain.main(server);
    }
}
