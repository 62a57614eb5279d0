// SPDX-License-Identifier: Apache-2.0
package dev.signet.james38;

import org.apache.james.ExtraProperties;
import org.apache.james.FakeSearchMailboxModule;
import org.apache.james.GuiceJamesServer;
import org.apache.james.JamesServerMain;
import org.apache.james.MemoryJamesConfiguration;
import org.apache.james.MemoryJamesServerMain;

/** James as {@link MemoryJamesServerMain} starts it, but for its mail queues, which outlive it. Mailboxes, users and repositories do not. */
public final class DurableJames {

    private DurableJames() {}

    public static void main(String[] args) throws Exception {
        ExtraProperties.initialize();
        MemoryJamesConfiguration configuration = MemoryJamesConfiguration.builder().useWorkingDirectoryEnvProperty().build();
        GuiceJamesServer server = MemoryJamesServerMain.createServer(configuration)
                .combineWith(new FakeSearchMailboxModule())
                .overrideWith(new DurableQueueModule());
        JamesServerMain.main(server);
    }
}
