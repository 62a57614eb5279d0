// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A mistake in what an administrator configured stops James, and the log says which, what was found and what was expected. */
class ConfigurationMistakesIT {

    private interface Mistake {
        void in(JamesInstall install) throws IOException;
    }

    @TestFactory
    Stream<DynamicTest> stopJames() {
        return Stream.of(
                test("misspelt-name", install -> install.set(Map.of("deadlin", "3 s")),
                        List.of("conf/signet.properties", "found an unknown parameter deadlin", "expected")),
                test("no-unit", install -> install.set(Map.of("deadline", "3")),
                        List.of("conf/signet.properties", "deadline: found \"3\", expected a duration")),
                test("two-ways-to-know-relays", install -> install.set(Map.of("relays", "192.0.2.25", "relay-depth", "1")),
                        List.of("conf/signet.properties", "relay-depth: found \"1\", expected one of relay-depth and relays")),
                test("missing-key", install -> install.signWith(List.of(JamesInstall.DOMAIN + " s1 file://conf/dkim/nobody.pem")),
                        List.of("SignDkim", "nobody.pem", "found no such file, expected a private key")),
                test("no-folder-for-a-key", install -> install.set(Map.of("dmarc.sampling-key", "file://conf/keys/lots.key")),
                        List.of("conf/signet.properties", "dmarc.sampling-key: ", "lots.key: found no folder", "expected one for a new sampling key")),
                test("missing-key-of-a-seal", ConfigurationMistakesIT::forwardWithoutKeys,
                        List.of("SealArc", "example.org-rsa.pem", "found no such file, expected a private key")),
                test("missing-sealers", install -> install.set(Map.of("trusted-sealers", "file://conf/sealers")),
                        List.of("conf/signet.properties", "trusted-sealers: ", "sealers: found no such file, expected a domain on each line")),
                test("hook-parameter", ConfigurationMistakesIT::wrongMode,
                        List.of("VerifyMailHook", "mode: found \"reject\", expected one of tag, observe, enforce")),
                test("mailet-parameter", ConfigurationMistakesIT::wrongExpireIn,
                        List.of("VerifyMail", "found an unknown parameter expireIn, expected only receivedSpf")));
    }

    private static void forwardWithoutKeys(JamesInstall install) throws IOException {
        install.useSample("forward");
        install.set(Map.of("srs.domain", JamesInstall.DOMAIN, "srs.secrets", "file://conf/srs.secrets"));
        Files.writeString(install.conf().resolve("srs.secrets"), "0123456789abcdef\n");
    }

    private static void wrongMode(JamesInstall install) throws IOException {
        // James gets to the hook only after all mailets are sound; the usual ones would miss their keys.
        install.useInboundSample("dmarc-reject");
        XmlFile.read(install.conf().resolve("smtpserver.xml")).text(JamesInstall.HOOK + "/mode", "reject").write();
    }

    private static void wrongExpireIn(JamesInstall install) throws IOException {
        XmlFile.read(install.conf().resolve("mailetcontainer.xml"))
                .append("//mailet[@class='dev.signet.mailets.VerifyMail']", "expireIn", "1 day")
                .write();
    }

    private static DynamicTest test(String name, Mistake mistake, List<String> complaint) {
        return DynamicTest.dynamicTest(name, () -> {
            Path directory = TestBuild.emptyDirectory("james-3.8-" + name);
            JamesInstall install = JamesInstall.layOut(directory, TestBuild.james38(), TestBuild.signetFor38(), Ports.free(), 25);
            mistake.in(install);
            assertThat(JamesProcess.startExpectingRefusal(install, "192m")).contains(complaint);
        });
    }
}
