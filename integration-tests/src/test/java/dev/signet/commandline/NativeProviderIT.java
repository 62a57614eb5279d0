// SPDX-License-Identifier: Apache-2.0
package dev.signet.commandline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.interop.Tools;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** RSA by the Amazon Corretto Crypto Provider, where its jar lies beside ours. The JDK is its judge, and the other way round. */
class NativeProviderIT {

    private static final String JAR = "../dns-policy/target/signet.jar";
    private static final String NATIVE = JAR + File.pathSeparator + System.getProperty("native-provider");
    private static final String USED = "RSA by AmazonCorrettoCryptoProvider";

    @TempDir
    Path directory;

    private Path key;
    private Path zone;
    private Path message;

    /** What a command printed and what it logged. */
    private record Said(String out, String log) {}

    @BeforeAll
    static void theProviderIsForOneKindOfMachine() {
        String machine = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        Tools.assume("the Amazon Corretto Crypto Provider for Linux amd64",
                machine.equals("Linux amd64") ? Optional.empty() : Optional.of("such a machine, found " + machine));
    }

    @BeforeEach
    void setUp() throws IOException, InterruptedException {
        key = directory.resolve("key.pem");
        String record = signet(JAR, "keygen", "--domain", "example.com", "--selector", "s", "--type", "rsa", "--out", key.toString()).out();
        zone = Files.writeString(directory.resolve("zone"), "$TTL 60\n" + record);
        message = Files.writeString(directory.resolve("message.eml"), "From: a@example.com\r\nSubject: x\r\n\r\nHello\r\n");
    }

    @Test
    void whatTheNativeProviderSignsVerifiesByTheJdk() throws IOException, InterruptedException {
        Said signed = sign(NATIVE);
        assertThat(signed.log()).contains(USED);
        assertThat(verify(JAR, signed.out()).out()).contains("\"result\":\"pass\"");
    }

    @Test
    void whatTheJdkSignsVerifiesByTheNativeProvider() throws IOException, InterruptedException {
        Said signed = sign(JAR);
        assertThat(signed.log()).doesNotContain(USED);
        Said verified = verify(NATIVE, signed.out());
        assertThat(verified.log()).contains(USED);
        assertThat(verified.out()).contains("\"result\":\"pass\"");
    }

    @Test
    void whatWasChangedFailsByTheNativeProvider() throws IOException, InterruptedException {
        String changed = sign(JAR).out().replace("Subject: x", "Subject: y");
        Said verified = verify(NATIVE, changed);
        assertThat(verified.log()).contains(USED);
        assertThat(verified.out()).contains("\"result\":\"fail\"", "signature did not verify");
    }

    private Said sign(String classPath) throws IOException, InterruptedException {
        return signet(classPath, "sign", "--domain", "example.com", "--selector", "s", "--key", key.toString(), message.toString());
    }

    private Said verify(String classPath, String signed) throws IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve("signed.eml"), signed, StandardCharsets.ISO_8859_1);
        return signet(classPath, "verify", "--json", "--zone", zone.toString(), file.toString());
    }

    private Said signet(String classPath, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=info",
                "-classpath", classPath, "dev.signet.cli.Signet"));
        command.addAll(List.of(arguments));
        Path log = directory.resolve("log");
        Process process = new ProcessBuilder(command).redirectError(log.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        assertThat(process.waitFor()).describedAs(() -> arguments[0] + ": " + out).isZero();
        return new Said(out, Files.readString(log));
    }
}
