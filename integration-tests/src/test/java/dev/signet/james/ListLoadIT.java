// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import static dev.signet.james.ListWorld.TALK;
import static dev.signet.james.ListWorld.fields;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.arc.ArcState;
import dev.signet.dkim.DkimResult;
import dev.signet.dkim.DkimState;
import dev.signet.inbound.Verdict;
import dev.signet.smtp.Envelope;
import dev.signet.smtp.ReceivedMail;
import dev.signet.smtp.SmtpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** Two hundred posts to a list of five hundred members, on a James of 256 MiB. */
@Timeout(300)
class ListLoadIT {

    private static final int POSTS = 200;
    private static final int CONNECTIONS = 8;
    private static final String AUTHOR = "alice@news.example";
    private static final List<String> MEMBERS =
            IntStream.range(0, 500).mapToObj(i -> "member" + i + "@outside" + i % 7 + ".example").sorted().toList();
    private static final String LINE = "A line of a post that somebody has written to the list.\r\n";

    // Copies for each member would be 400 MiB.
    private static final long MAX_GROWTH = 48 << 20;

    @Test
    void everyMemberGetsEveryPostExactlyOnceAndEachIsSealedAndSignedOnce() throws Exception {
        try (ListWorld lists = ListWorld.start("james-3.8-list-load", ListLoadIT::readMembersFromAFile)) {
            lists.admin.addUser(new Account(TALK, "secret"));
            long before = lists.world.james().liveHeap();

            long start = System.nanoTime();
            sendAll(lists);
            List<ReceivedMail> received = new ArrayList<>();
            for (int i = 0; i < POSTS; i++) {
                received.add(lists.world.outside().await(ListWorld.withSubject("[talk] post " + i), ListWorld.PATIENCE));
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            long after = lists.world.james().liveHeap();

            System.out.printf("%d posts to %d members in %.1f s: %.0f posts and %.0f deliveries a second; live heap %d MiB before, %d MiB after%n",
                    POSTS, MEMBERS.size(), seconds, POSTS / seconds, POSTS * MEMBERS.size() / seconds, before >> 20, after >> 20);
            assertThat(recipients(lists)).hasSize(POSTS).allSatisfy((post, members) -> assertThat(members).isEqualTo(MEMBERS));
            assertThat(lists.world.outside().received()).as("one transaction for all members of a post").hasSize(POSTS);
            received.forEach(mail -> assertSealedAndSignedOnce(lists.judge(mail.message()), mail.message()));
            assertThat(after - before).isLessThan(MAX_GROWTH);
            assertThat(Files.readAllLines(lists.world.james().install().log())).noneMatch(line -> line.contains("Leak detected"));
        }
    }

    private static void readMembersFromAFile(JamesInstall install) throws IOException {
        Files.writeString(install.conf().resolve("talk-members.txt"), "# members\n" + AUTHOR + "\n" + String.join("\n", MEMBERS) + "\n");
        XmlFile.read(install.conf().resolve("mailetcontainer.xml"))
                .append("//mailet[@match='RecipientIs=" + TALK + "']", "members", "file://conf/talk-members.txt")
                .write();
    }

    private static void sendAll(ListWorld lists) throws Exception {
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> sent = clients.invokeAll(IntStream.range(0, CONNECTIONS)
                    .<Callable<Integer>>mapToObj(client -> () -> send(lists, client))
                    .toList());
            int total = 0;
            for (Future<Integer> one : sent) {
                total += one.get();
            }
            assertThat(total).isEqualTo(POSTS);
        }
    }

    private static int send(ListWorld lists, int client) throws IOException {
        int sent = 0;
        try (SmtpClient smtp = SmtpClient.connectAs(lists.world.ports().proxiedMx(), "192.0.2.30")) {
            smtp.ehlo("mail.news.example");
            for (int i = client; i < POSTS; i += CONNECTIONS) {
                String message = "From: " + AUTHOR + "\r\nTo: " + TALK + "\r\nSubject: post " + i + "\r\nMessage-ID: <" + i
                        + "@news.example>\r\n\r\n" + LINE.repeat(70);
                assertThat(smtp.send(new Envelope(AUTHOR, TALK), lists.world.sender().sign(message)).code()).isEqualTo(250);
                sent++;
            }
        }
        return sent;
    }

    /** By post, sorted; one who got it twice stands there twice. The author, who is a member too, is left out. */
    private static Map<String, List<String>> recipients(ListWorld lists) {
        Map<String, List<String>> recipients = new TreeMap<>();
        for (ReceivedMail mail : lists.world.outside().received()) {
            List<String> ofPost = recipients.computeIfAbsent(fields(mail.message(), "Subject").getFirst(), post -> new ArrayList<>());
            mail.envelope().recipients().stream().filter(recipient -> !recipient.equals(AUTHOR)).forEach(ofPost::add);
        }
        recipients.values().forEach(members -> members.sort(null));
        return recipients;
    }

    private static void assertSealedAndSignedOnce(Verdict verdict, String message) {
        assertThat(verdict.arc().state()).as(verdict.arc().reason()).isEqualTo(ArcState.PASS);
        assertThat(fields(message, "ARC-Seal")).hasSize(1);
        assertThat(verdict.dkim()).filteredOn(result -> "home.example".equals(String.valueOf(result.domain())))
                .extracting(DkimResult::state).containsExactly(DkimState.PASS);
    }
}
