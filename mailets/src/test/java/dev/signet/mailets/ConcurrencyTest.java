// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.dkim.DkimResult;
import dev.signet.dkim.DkimState;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.base.test.FakeMailetConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** One hook and one mailet, 100 threads, 10,000 messages: each gets its own verdict, and nothing stays behind. */
class ConcurrencyTest {

    private static final int THREADS = 100;
    private static final int MESSAGES = 10_000;

    @Test
    @Timeout(300)
    void oneHookAndOneMailetServeManyThreads(@TempDir Path directory) throws Exception {
        try (MailWorld world = new MailWorld(directory)) {
            VerifyMailHook hook = new VerifyMailHook(world.signet, world.failures);
            VerifyMail mailet = new VerifyMail(world.signet, world.failures);
            mailet.init(FakeMailetConfig.builder().mailetName("VerifyMail").build());
            List<String> sound = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                sound.add(MailWorld.signed(MailWorld.MESSAGE.replace("dinner", "dinner " + i)));
            }
            Run run = new Run(world, hook, mailet, sound);

            // What is loaded and cached once is there after the first tenth.
            run.messages(0, MESSAGES / 10);
            world.dns.forget();
            long before = usedHeap();
            run.messages(MESSAGES / 10, MESSAGES);
            world.dns.forget();
            long after = usedHeap();

            System.out.printf("heap after %d messages: %d KB, after %d: %d KB%n",
                    MESSAGES / 10, before >> 10, MESSAGES, after >> 10);
            // 2 MB for 9,000 messages is 230 bytes a message: less than any message or verdict that would stay behind.
            assertThat(after - before).isLessThan(2L << 20);
        }
    }

    private record Run(MailWorld world, VerifyMailHook hook, VerifyMail mailet, List<String> sound) {

        void messages(int from, int to) throws Exception {
            try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
                List<Future<?>> all = new ArrayList<>();
                for (int i = from; i < to; i++) {
                    int number = i;
                    all.add(threads.submit(() -> {
                        one(number);
                        return null;
                    }));
                }
                for (Future<?> message : all) {
                    message.get();
                }
            }
        }

        /** By its number a message is sound, tampered with or unsigned, and comes through the hook or not. */
        private void one(int number) throws Exception {
            String subject = "dinner " + number % sound.size();
            String message = switch (number % 3) {
                case 0 -> sound.get(number % sound.size());
                case 1 -> sound.get(number % sound.size()).replace("hungry", "angry");
                default -> MailWorld.MESSAGE.replace("dinner", subject);
            };
            List<DkimState> expected = switch (number % 3) {
                case 0 -> List.of(DkimState.PASS);
                case 1 -> List.of(DkimState.FAIL);
                default -> List.of();
            };
            MailImpl mail = MailWorld.newMail(MailWorld.in(message));
            if (number % 2 == 0) {
                SMTPSession session = Sessions.from("192.0.2." + number % 256);
                hook.onMessage(session, mail);
                MailWorld.queue(mail);
            }
            mailet.service(mail);
            String result = MailWorld.bytes(mail);

            assertThat(MailWorld.verdict(mail).dkim()).as("message %d", number).extracting(DkimResult::state).isEqualTo(expected);
            assertThat(result).startsWith("Authentication-Results: " + MailWorld.ID).endsWith("\r\n" + message);
            assertThat(result.substring(0, result.length() - message.length()))
                    .contains("dkim=" + (expected.isEmpty() ? "none" : expected.getFirst()));
            mail.dispose();
        }
    }

    /** After as many collections as it takes to free no more. */
    private static long usedHeap() {
        long least = Long.MAX_VALUE;
        for (int same = 0; same < 3; ) {
            System.gc();
            long used = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
            same = used < least ? 0 : same + 1;
            least = Math.min(least, used);
        }
        return least;
    }
}
