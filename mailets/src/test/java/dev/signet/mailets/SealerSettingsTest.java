// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.arc.ArcSealer;
import dev.signet.arc.ArcState;
import dev.signet.arc.SealedHeaders;
import dev.signet.authres.AuthenticationResults;
import dev.signet.authres.MethodResult;
import dev.signet.authres.PropertyType;
import dev.signet.dkim.Signer;
import dev.signet.dmarc.Disposition;
import dev.signet.dns.DomainName;
import dev.signet.inbound.Connection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

class SealerSettingsTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            list.example                         | NONE
            other.example, *.example             | NONE
            file://sealers                       | NONE
            other.example, file://sealers        | NONE
            other.example                        | REJECT
            *.list.example                       | REJECT
            ''                                   | REJECT
            """)
    void letThroughWhatATrustedSealerSawPass(String value, Disposition disposition) throws Exception {
        Files.writeString(directory.resolve("sealers"), "# our lists\nlist.example  # the first\n");
        try (MailWorld world = new MailWorld(directory, Map.of("trusted-sealers", value))) {
            world.dns.txt("_dmarc.example.com", "v=DMARC1; p=reject").txt("arc._domainkey.list.example", MailWorld.record(MailWorld.RSA));
            Connection list = new Connection(InetAddress.getByName("192.0.2.7"), "mx.list.example", "x@list.example", null, null);
            assertThat(world.signet.check().check(list, MailWorld.in(sealed())).dmarc().orElseThrow().disposition()).isEqualTo(disposition);
        }
    }

    @Test
    void sayWhatWasFoundAndWhatWasExpected() {
        assertThatThrownBy(() -> SealerSettings.of(new Parameters(Settings.FILE, Map.of("trusted-sealers", "list.example, @x"))))
                .hasMessage("conf/signet.properties: trusted-sealers: found \"@x\", expected domains such as list.example,"
                        + " *.forward.example, or file://conf/trusted-sealers");
    }

    @Test
    void nameTheFileAndTheLineThatIsWrong() throws IOException {
        SealerSettings settings = new SealerSettings(List.of("file://sealers"));
        Path file = directory.resolve("sealers");
        assertThatThrownBy(() -> settings.read(MailWorld.fileSystem(directory)))
                .isInstanceOf(ParameterException.class)
                .hasMessage("conf/signet.properties: trusted-sealers: list of trusted sealers " + file
                        + ": found no such file, expected a domain on each line");
        Files.writeString(file, "list.example\n\na b\n");
        assertThatThrownBy(() -> settings.read(MailWorld.fileSystem(directory)))
                .isInstanceOf(ParameterException.class)
                .hasMessage("conf/signet.properties: trusted-sealers: list of trusted sealers " + file
                        + ": line 3: found a b, expected example.com or *.example.com");
    }

    /** A message of example.com that a list has changed, and what the list had found out before. */
    private static String sealed() throws IOException {
        AuthenticationResults results = AuthenticationResults.of("mx.list.example", List.of(
                MethodResult.of("spf", "pass").withProperty(PropertyType.SMTP, "mailfrom", "alice@example.com")));
        Signer sealer = new Signer(DomainName.of("list.example"), "arc", MailWorld.RSA.key());
        ArcSealer.Result result = new ArcSealer(SealedHeaders.DEFAULT, InstantSource.fixed(MailWorld.NOW))
                .seal(MailWorld.in(MailWorld.MESSAGE), ArcState.NONE, results, sealer);
        return ((ArcSealer.Result.Sealed) result).fields().stream()
                .map(field -> field + "\r\n")
                .collect(Collectors.joining("", "", MailWorld.MESSAGE));
    }
}
