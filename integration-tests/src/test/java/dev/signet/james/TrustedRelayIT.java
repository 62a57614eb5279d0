// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import static dev.signet.james.Post.message;
import static dev.signet.james.Post.results;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.authres.MethodResult;
import dev.signet.scenario.World;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/**
 * Only relays that the administrator spoke of may say which client a mail came from. Without them nobody may: {@link
 * SpfIT#aClientIsWhoIsConnectedWhateverItsMessageSays}.
 */
class TrustedRelayIT {

    private static final String GOOD = "192.0.2.25";
    private static final String BAD = "192.0.2.99";

    @Test
    void aRelayKnownByAddressSpeaksForTheClientAndAStrangerDoesNot() throws Exception {
        try (World world = start("relays", "127.0.0.1")) {
            Post post = new Post(world);
            theRelayIsBelieved(post);
            post.send(BAD, "mail.sender.example", "a@sender.example", message("stranger", received(GOOD)));
            assertClient(post, "stranger", BAD, "fail");
        }
    }

    @Test
    void aRelayKnownByNumberSpeaksForTheClient() throws Exception {
        try (World world = start("relay-depth", "1")) {
            Post post = new Post(world);
            theRelayIsBelieved(post);
            post.sendFromLoopback("relay.home.example", "a@sender.example", message("nobody", ""));
            assertThat(results(post.delivered("nobody"), "spf")).as("no relay wrote anything").isEmpty();
        }
    }

    private static World start(String setting, String value) throws IOException, InterruptedException {
        World world = World.start(
                TestBuild.emptyDirectory("james-3.8-" + setting),
                TestBuild.james38(),
                TestBuild.signetFor38(),
                install -> install.set(Map.of(setting, value)),
                System.out::println);
        world.dns().txt("sender.example", "v=spf1 ip4:" + GOOD + " -all");
        return world;
    }

    private static void theRelayIsBelieved(Post post) throws IOException, TimeoutException {
        post.sendFromLoopback("relay.home.example", "a@sender.example", message("good", received(GOOD)));
        assertClient(post, "good", GOOD, "pass");
        post.sendFromLoopback("relay.home.example", "a@sender.example", message("bad", received(BAD)));
        assertClient(post, "bad", BAD, "fail");
        post.sendFromLoopback("relay.home.example", "a@sender.example", message("bad-claims", received(BAD) + received(GOOD)));
        assertClient(post, "bad-claims", BAD, "fail");
    }

    private static void assertClient(Post post, String id, String address, String result) throws IOException, TimeoutException {
        String stored = post.delivered(id);
        assertThat(results(stored, "iprev")).as(id).extracting(Post::value).containsExactly(address);
        List<MethodResult> spf = results(stored, "spf");
        assertThat(spf).as(id).extracting(Post::value).containsExactly("a@sender.example", "mail.sender.example");
        assertThat(spf.getFirst().result()).as(id).isEqualTo(result);
    }

    /** As Postfix writes it. */
    private static String received(String client) {
        return "Received: from mail.sender.example (unknown [" + client + "])\r\n\tby relay.home.example (Postfix) with ESMTP id 4XyZ1;\r\n"
                + "\tMon, 23 Nov 2026 12:00:00 +0000 (UTC)\r\n";
    }
}
