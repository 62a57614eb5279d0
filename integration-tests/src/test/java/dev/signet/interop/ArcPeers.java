// SPDX-License-Identifier: Apache-2.0
package dev.signet.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.keys.KeyRecord;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The other implementations of ARC, as judges; one that is missing here is named, and the others judge without it. */
public final class ArcPeers implements AutoCloseable {

    private final Map<String, ArcPeer> peers = new LinkedHashMap<>();

    private ArcPeers() {}

    /**
     * Starts those that are there.
     *
     * @param directory for their files
     */
    public static ArcPeers start(Path directory) throws IOException, InterruptedException {
        ArcPeers all = new ArcPeers();
        Optional<String> missingDkimpy = Dkimpy.missing();
        if (missingDkimpy.isEmpty()) {
            all.peers.put("dkimpy", Dkimpy.start(directory));
        }
        Optional<String> missingMailDkim = MailDkim.missing();
        if (missingMailDkim.isEmpty()) {
            all.peers.put("Mail::DKIM", MailDkim.start(directory));
        }
        missingDkimpy.ifPresent(missing -> System.out.println("SKIPPED, dkimpy as a judge of seals: missing " + missing));
        missingMailDkim.ifPresent(missing -> System.out.println("SKIPPED, Mail::DKIM as a judge of seals: missing " + missing));
        return all;
    }

    /** Makes keys known to all. */
    public void publish(List<KeyRecord> records) throws IOException {
        for (ArcPeer peer : peers.values()) {
            for (KeyRecord record : records) {
                peer.publish(record);
            }
        }
    }

    /** Whether the chain holds for each. */
    public void assertPass(String message) throws IOException {
        for (Map.Entry<String, ArcPeer> peer : peers.entrySet()) {
            assertThat(peer.getValue().validate(message)).as(peer.getKey()).isEqualTo("pass");
        }
    }

    @Override
    public void close() {
        peers.values().forEach(ArcPeer::close);
    }
}
