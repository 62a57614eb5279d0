// SPDX-License-Identifier: Apache-2.0
package dev.signet.arc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.authres.AuthenticationResults;
import dev.signet.authres.MethodResult;
import dev.signet.dkim.DkimOptions;
import dev.signet.dns.Dns;
import dev.signet.dns.DnsAnswer;
import dev.signet.dns.DomainName;
import dev.signet.dns.RecordType;
import dev.signet.message.BodyHashes;
import dev.signet.message.HeaderBlock;
import dev.signet.message.MessageLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

class ArcValidatorTest {

    private final ArcWorld world = new ArcWorld();

    @Test
    void aMessageWithoutArcFieldsHasNoChain() {
        assertThat(world.validate(ArcWorld.MESSAGE)).isEqualTo(ArcResult.NONE);
        assertThat(world.validate("")).isEqualTo(ArcResult.NONE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 11, 50})
    void aChainThatWasSealedHerePasses(int sets) {
        String[] sealers = new String[sets];
        for (int i = 0; i < sets; i++) {
            sealers[i] = "s" + (i + 1) + ".example";
        }
        ArcResult result = world.validate(world.sealedBy(ArcWorld.MESSAGE, sealers));
        assertThat(result.reason()).isEqualTo("all seals and the newest message signature verified");
        assertThat(result).extracting(ArcResult::state, ArcResult::instances, ArcResult::oldestPass)
                .containsExactly(ArcState.PASS, sets, 0);
        assertThat(result.sealers()).extracting(DomainName::ascii).containsExactly(sealers);
    }

    @Test
    void setsAreOrderedByTheirNumberAndNotByTheirPlace() {
        long seed = 17;
        System.out.println("setsAreOrderedByTheirNumberAndNotByTheirPlace: seed " + seed);
        String[] sealers = Collections.nCopies(12, "list.example").toArray(String[]::new);
        String chain = world.sealedBy(ArcWorld.MESSAGE, sealers);
        assertThat(world.validate(ArcFields.shuffle(chain, new Random(seed))).state()).isEqualTo(ArcState.PASS);
    }

    @Test
    void ed25519SealsPassBesideRsa() {
        String chain = world.seal(world.sealedBy(ArcWorld.MESSAGE, "one.example"), world.sealer("two.example", ArcWorld.ED25519));
        assertThat(chain).contains("a=ed25519-sha256");
        assertThat(world.validate(chain).state()).isEqualTo(ArcState.PASS);
    }

    @Test
    void oldestPassIsTheOldestSetWhoseSignatureStillFits() {
        String list = world.sealedBy(ArcWorld.MESSAGE, "one.example", "two.example").replace("Subject: ", "Subject: [list] ");
        String chain = world.seal(list, ArcState.PASS, world.sealer("list.example"));
        assertThat(world.validate(chain)).extracting(ArcResult::state, ArcResult::oldestPass).containsExactly(ArcState.PASS, 3);
        assertThat(world.validate(world.sealedBy(chain, "four.example")).oldestPass()).isEqualTo(3);
    }

    @Test
    void aHiccupOfTheDnsNeitherPassesNorFails() {
        String chain = world.sealedBy(ArcWorld.MESSAGE, "one.example", "two.example");
        for (String domain : List.of("one.example", "two.example")) {
            ArcWorld broken = new ArcWorld();
            broken.sealer("one.example");
            broken.sealer("two.example");
            broken.dns.failing("arc._domainkey." + domain, RecordType.TXT, "SERVFAIL");
            ArcResult result = broken.validate(chain);
            assertThat(result.state()).as(domain).isEqualTo(ArcState.TEMPERROR);
            assertThat(result.reason()).endsWith("no answer for the key at arc._domainkey." + domain + ": SERVFAIL");
            assertThat(result.sealers()).isEmpty();
        }
    }

    @Test
    void whatIsBrokenFailsWhateverElseTheDnsKeepsToItself() {
        String chain = world.sealedBy(ArcWorld.MESSAGE, "one.example", "two.example");
        world.dns.failing("arc._domainkey.two.example", RecordType.TXT, "SERVFAIL");
        assertThat(world.validate(chain).state()).isEqualTo(ArcState.TEMPERROR);
        assertThat(world.validate(chain.replace("Hi.", "Ho.")).state()).as("body").isEqualTo(ArcState.FAIL);
        String forged = ArcFields.change(chain, ArcFields.RESULTS, 1, field -> field.replace("spf=pass", "spf=fail"));
        assertThat(world.validate(forged)).as("the first seal").extracting(ArcResult::state, ArcResult::reason)
                .containsExactly(ArcState.FAIL, "ARC-Seal of instance 1 did not verify: what it covers changed, or another key signed");
    }

    @Test
    void aMissingKeyFails() {
        String chain = world.sealedBy(ArcWorld.MESSAGE, "one.example");
        assertThat(new ArcWorld().validate(chain)).isEqualTo(
                ArcResult.fail(1, "ARC-Message-Signature of instance 1: no key at arc._domainkey.one.example"));
    }

    @Test
    void allKeysAreAskedForBeforeTheBodyIsRead() {
        String chain = world.sealedBy(ArcWorld.MESSAGE, "one.example", "two.example", "three.example");
        List<String> asked = new ArrayList<>();
        Dns silent = new Dns() {
            @Override
            public <T> CompletableFuture<DnsAnswer<T>> lookup(DomainName name, RecordType<T> type) {
                asked.add(name.ascii());
                return new CompletableFuture<>();
            }
        };
        byte[] header = chain.substring(0, chain.indexOf("\r\n\r\n")).getBytes(StandardCharsets.ISO_8859_1);
        HeaderBlock block = HeaderBlock.parse(header, header.length, MessageLimits.DEFAULT);
        new ArcValidator(DkimOptions.DEFAULT, InstantSource.fixed(ArcWorld.NOW)).begin(block, silent, new BodyHashes());
        assertThat(asked).containsExactly(
                "arc._domainkey.three.example", "arc._domainkey.two.example", "arc._domainkey.one.example");
    }

    @Test
    void aPassTellsEverySealInAuthenticationResults() throws UnknownHostException {
        ArcResult result = world.validate(world.sealedBy(ArcWorld.MESSAGE, "forward.example", "list.example"));
        InetAddress client = InetAddress.getByName("192.0.2.1");
        assertThat(written(result, Optional.of(client))).isEqualTo("mx.example; arc=pass"
                + " (as.2.list.example=pass, as.1.forward.example=pass) header.oldest-pass=0 smtp.remote-ip=192.0.2.1");
    }

    @Test
    void otherStatesTellTheirReasonInAuthenticationResults() {
        assertThat(written(ArcResult.NONE, Optional.empty())).isEqualTo("mx.example; arc=none");
        assertThat(written(ArcResult.fail(3, "no ARC-Seal of instance 2"), Optional.empty()))
                .isEqualTo("mx.example; arc=fail reason=\"no ARC-Seal of instance 2\"");
        assertThat(written(ArcResult.surprised("no answer"), Optional.empty()))
                .isEqualTo("mx.example; arc=temperror reason=\"no answer\"");
    }

    @Test
    void theStateIsReadBackFromAuthenticationResults() {
        for (ArcState state : ArcState.values()) {
            ArcResult result = new ArcResult(state, 0, 0, List.of(), "reason");
            AuthenticationResults field =
                    AuthenticationResults.of("mx.example", List.of(MethodResult.of("spf", "pass"), result.methodResult(Optional.empty())));
            assertThat(ArcResult.stateIn(field)).contains(state);
        }
        assertThat(ArcResult.stateIn(AuthenticationResults.of("mx.example", List.of(MethodResult.of("spf", "pass"))))).isEmpty();
        assertThat(ArcResult.stateIn(AuthenticationResults.of("mx.example", List.of(MethodResult.of("arc", "odd"))))).isEmpty();
    }

    private static String written(ArcResult result, Optional<InetAddress> client) {
        return AuthenticationResults.of("mx.example", List.of(result.methodResult(client))).toField().unfolded().replace('\t', ' ');
    }
}
