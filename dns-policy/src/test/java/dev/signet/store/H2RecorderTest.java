// SPDX-License-Identifier: Apache-2.0
package dev.signet.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.report.ReportedMessage;
import dev.signet.testing.FreePorts;
import org.h2.tools.Server;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** The embedded database cannot be stopped while it is in use; as a server it can. */
class H2RecorderTest extends RecorderContract {

    private @Nullable Server server;
    private int port;

    @BeforeEach
    void firstStart() throws IOException {
        port = FreePorts.next();
        startDatabase();
    }

    @Override
    Database database() {
        return Database.open(new DatabaseSettings(
                "jdbc:h2:tcp://localhost:" + port + "/" + folder.resolve("reports") + ";WRITE_DELAY=0", "sa", "", 4, Duration.ofSeconds(2)));
    }

    @AfterEach
    @Override
    void stopDatabase() {
        if (server != null) {
            server.stop();
        }
    }

    @Override
    void startDatabase() {
        try {
            server = Server.createTcpServer("-tcpPort", Integer.toString(port), "-ifNotExists", "-tcpDaemon").start();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As the embedded database may do to who is about to commit when the process is told to end. */
    @Test
    void whatCannotBeCountedAtTheEndIsTriedOnceMore() throws Exception {
        ReportStore store = store();
        List<ReportedMessage> messages = generated(200);
        Recorder recorder = started(store, journal());
        messages.subList(0, 100).forEach(recorder::record);
        await(() -> counted(store) == 100);
        stopDatabase();
        messages.subList(100, 200).forEach(recorder::record);

        Thread closing = Thread.ofPlatform().start(recorder::close);
        await(() -> recorder.state() instanceof RecorderState.Behind);
        startDatabase();
        closing.join();

        assertThat(journal()).isEmptyDirectory();
        assertCounted(store, messages);
    }
}
