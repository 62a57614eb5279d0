// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import static dev.signet.james.Post.results;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.authres.MethodResult;
import dev.signet.scenario.SigningDomain;
import dev.signet.scenario.World;
import dev.signet.testing.Behaviour;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A whole James 3.8 under load while its name server fails: every message that it accepts arrives, once, with a verdict or "temperror". */
@Timeout(180)
class DnsFaultsIT {

    private static final int CLIENTS = 30;
    private static final int MESSAGES = 60;
    private static final Duration DEADLINE = Duration.ofSeconds(1);
    private static final List<String> KEYS = List.of("r._domainkey.flapping.example", "e._domainkey.flapping.example");

    private static World world;
    private static SigningDomain flapping;

    @BeforeAll
    static void start() throws Exception {
        world = World.start(
                TestBuild.emptyDirectory("james-3.8-dns-faults"),
                TestBuild.james38(),
                TestBuild.signetFor38(),
                DnsFaultsIT::change,
                System.out::println);
        // Nobody is to remember how it was.
        world.dns().ttl(Duration.ZERO);
        flapping = SigningDomain.create("flapping.example");
        flapping.publishIn(world.dns());
        world.dns().txt("_dmarc.flapping.example", "v=DMARC1; p=none");
    }

    @AfterAll
    static void stop() throws Exception {
        if (world != null) {
            world.close();
        }
    }

    private static void change(JamesInstall install) throws IOException {
        install.set(Map.of("deadline", DEADLINE.toSeconds() + " s", "dns.timeout", "5 s"));
        // Else few of the clients get as far as the DNS at once.
        XmlFile.read(install.conf().resolve("smtpserver.xml"))
                .append("//smtpserver[jmxName='proxied-mx']", "ioWorkerCount", Integer.toString(CLIENTS))
                .write();
    }

    private static Load load(String kind) throws Exception {
        return Load.begin(world.ports(), kind, CLIENTS,
                number -> flapping.sign("From: a@flapping.example\r\n" + Load.id(number) + "\r\nText.\r\n"));
    }

    @Test
    void aNameServerThatIsGoneCostsAVerdictAndNoMail() throws Exception {
        try (Load load = load("gone")) {
            load.await(MESSAGES);
            world.dns().die();
            load.await(MESSAGES);
            world.dns().revive();
            load.await(MESSAGES);
            load.end();

            assertThat(verdicts(load).get("temperror")).isGreaterThanOrEqualTo(MESSAGES);
        }
    }

    @Test
    void aNameServerThatIsSlowerThanTheDeadlineCostsAVerdictAndNoMail() throws Exception {
        try (Load load = load("slow")) {
            load.await(MESSAGES);
            world.dns().delay(DEADLINE.multipliedBy(3));
            load.await(MESSAGES);
            world.dns().delay(Duration.ZERO);
            load.await(MESSAGES);
            load.end();

            assertThat(verdicts(load).get("temperror")).isGreaterThanOrEqualTo(MESSAGES);
        }
    }

    @Test
    void aNameServerThatFlapsAndLiesCostsAVerdictAndNoMail() throws Exception {
        List<Behaviour> wrong = List.of(Behaviour.SERVFAIL, Behaviour.GARBAGE, Behaviour.WRONG_NAME, Behaviour.REFERRAL, Behaviour.CNAME_LOOP);
        try (Load load = load("flapping")) {
            for (Behaviour behaviour : wrong) {
                KEYS.forEach(key -> world.dns().behave(key, behaviour));
                load.await(MESSAGES / 4);
                KEYS.forEach(world.dns()::behave);
                world.dns().delay(Duration.ofMillis(50));
                load.await(MESSAGES / 4);
                world.dns().delay(Duration.ZERO);
            }
            load.end();

            assertThat(verdicts(load).get("temperror")).isGreaterThanOrEqualTo(wrong.size() * MESSAGES / 4);
        }
    }

    /** How many messages got what for their signatures: it was up, and it was down, and it was never taken for "no policy" or "forged". */
    private static Map<String, Integer> verdicts(Load load) throws IOException, InterruptedException {
        assertThat(load.replies(250)).isEqualTo(load.messages());
        List<String> mails = load.delivered();
        for (String mail : mails) {
            assertThat(results(mail, "dmarc")).extracting(MethodResult::result).hasSize(1).isSubsetOf("pass", "temperror");
            assertThat(results(mail, "dkim")).extracting(MethodResult::result).hasSize(2).isSubsetOf("pass", "temperror");
        }
        Map<String, Integer> verdicts = mails.stream()
                .map(mail -> results(mail, "dmarc").getFirst().result())
                .collect(Collectors.toMap(Function.identity(), result -> 1, Integer::sum));
        System.out.println(load.messages() + " messages of " + CLIENTS + " clients: " + verdicts + ", slowest " + load.slowest().toMillis() + " ms");
        assertThat(verdicts).containsOnlyKeys("pass", "temperror");
        return verdicts;
    }
}
