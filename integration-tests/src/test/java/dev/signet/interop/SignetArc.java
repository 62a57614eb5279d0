// SPDX-License-Identifier: Apache-2.0
package dev.signet.interop;

import dev.signet.arc.ArcCheck;
import dev.signet.arc.ArcResult;
import dev.signet.arc.ArcSealer;
import dev.signet.arc.ArcState;
import dev.signet.arc.ArcValidator;
import dev.signet.arc.SealedHeaders;
import dev.signet.authres.AuthenticationResults;
import dev.signet.dkim.DkimOptions;
import dev.signet.keys.KeyRecord;
import dev.signet.message.BodyHashes;
import dev.signet.message.HeaderBlock;
import dev.signet.message.MessageLimits;
import dev.signet.message.MessageReader;
import dev.signet.testing.FakeDns;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;

/** Our own ARC, behind the same words as the others'. */
final class SignetArc implements ArcPeer {

    private final FakeDns dns = new FakeDns();

    @Override
    public void publish(KeyRecord record) {
        dns.txt(record.name().ascii(), record.value());
    }

    @Override
    public String validate(String message) throws IOException {
        ArcResult result = result(message);
        return result.state() == ArcState.PASS ? "pass" : result.state() + " " + result.reason();
    }

    ArcResult result(String message) throws IOException {
        MessageReader reader = MessageReader.open(in(message), MessageLimits.DEFAULT);
        BodyHashes hashes = new BodyHashes();
        ArcCheck check = new ArcValidator(DkimOptions.DEFAULT, InstantSource.system()).begin(reader.header(), dns, hashes);
        reader.readBody(hashes);
        return check.result();
    }

    @Override
    public String seal(TestKey key, String message) throws IOException {
        HeaderBlock header = MessageReader.open(in(message), MessageLimits.DEFAULT).header();
        var parse = AuthenticationResults.parse(header.first("Authentication-Results").orElseThrow().body());
        AuthenticationResults results = ((AuthenticationResults.Parse.Sound) parse).field();
        ArcState arrived = ArcResult.stateIn(results).orElseThrow();
        ArcSealer sealer = new ArcSealer(SealedHeaders.DEFAULT, InstantSource.system());
        return switch (sealer.seal(in(message), arrived, results, key.signer())) {
            case ArcSealer.Result.NotSealed(String reason) -> throw new IOException(reason);
            case ArcSealer.Result.Sealed(List<?> fields) ->
                fields.stream().map(field -> field + "\r\n").collect(Collectors.joining("", "", message));
        };
    }

    @Override
    public void close() {}

    private static ByteArrayInputStream in(String message) {
        return new ByteArrayInputStream(message.getBytes(StandardCharsets.ISO_8859_1));
    }
}
