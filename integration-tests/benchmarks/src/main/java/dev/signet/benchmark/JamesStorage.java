// SPDX-License-Identifier: Apache-2.0
package dev.signet.benchmark;

import dev.signet.james.JamesInstall;

import java.nio.file.Path;

/** Where a James keeps mail. */
enum JamesStorage {

    /** As an install that loses nothing: KahaDB, and Derby by OpenJPA. */
    ON_DISK("queues and mailboxes on disk") {
        @Override
        JamesInstall of(JamesInstall install) {
            return install.withDurableMailboxes(Path.of(System.getProperty("james38.durable")));
        }
    },

    /** As James's server for tests: what it has accepted is lost with it. */
    IN_MEMORY("queues and mailboxes in memory") {
        @Override
        JamesInstall of(JamesInstall install) {
            return install;
        }
    };

    private final String title;

    JamesStorage(String title) {
        this.title = title;
    }

    /** An install with this. */
    abstract JamesInstall of(JamesInstall install);

    /** Whether what is in mailboxes has to be removed now and then. Else it stays, as users' mail does. */
    boolean slowsDownWithMail() {
        return this != ON_DISK;
    }

    @Override
    public String toString() {
        return title;
    }
}
