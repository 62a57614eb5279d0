// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import static dev.signet.james.Post.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.scenario.World;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** The sample {@code spf}, as it is but for its repositories, on a real James 3.8. */
@Timeout(180)
class ClassicSpfTableIT {

    private static World world;
    private static Post post;

    @BeforeAll
    static void start() throws Exception {
        world = World.start(
                TestBuild.emptyDirectory("james-3.8-classic"),
                TestBuild.james38(),
                TestBuild.signetFor38(),
                ClassicSpfTableIT::change,
                System.out::println);
        post = new Post(world);
        world.dns().txt("sender.example", "v=spf1 ip4:192.0.2.25 ?ip4:192.0.2.26 ~ip4:192.0.2.27 -all");
    }

    private static void change(JamesInstall install) throws IOException {
        install.useMailetsOf("spf");
        // As INSTALL.md leaves it: our Guice module is named nowhere, and hook, mailets and matchers share what they share all the same.
        Files.delete(install.conf().resolve("extensions.properties"));
    }

    @AfterAll
    static void stop() throws Exception {
        if (world != null) {
            world.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.25, pass", "192.0.2.26, neutral"})
    void passAndNeutralAreAcceptedWithoutAMark(String client, String result) throws Exception {
        post.send(client, "mail.sender.example", "a@sender.example", message(result, "X-Spf: softfail\r\n"));
        assertThat(post.delivered(result)).contains("\r\nReceived-SPF: " + result + "\r\n").doesNotContain("X-Spf");
    }

    @Test
    void softfailIsMarked() throws Exception {
        post.send("192.0.2.27", "mail.sender.example", "a@sender.example", message("softfail", "X-Spf: fine\r\n"));
        assertThat(post.delivered("softfail")).contains("\r\nReceived-SPF: softfail\r\n", "X-Spf: softfail\r\n").doesNotContain("X-Spf: fine");
    }

    @Test
    void failIsRefused() throws Exception {
        post.send("192.0.2.28", "mail.sender.example", "a@sender.example", message("fail", ""));
        WebAdmin james = new WebAdmin(world.ports().webAdmin());
        List<String> refused = james.mailsIn("var/mail/spf-fail/");
        while (refused.isEmpty()) {
            // The time limit of the test ends this.
            LockSupport.parkNanos(20_000_000);
            refused = james.mailsIn("var/mail/spf-fail/");
        }
        assertThat(refused).singleElement().asString().contains("a@sender.example", "550 5.7.23 SPF validation failed");
        try (ImapMailbox inbox = world.openInbox()) {
            assertThatThrownBy(() -> inbox.await(message -> message.contains("<fail@sender.example>"), Duration.ZERO))
                    .isInstanceOf(TimeoutException.class);
        }
    }
}
