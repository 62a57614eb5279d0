// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.mailet.base.test.FakeMailetConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

class MailetOrderTest {

    private final MailWorld world;

    MailetOrderTest(@TempDir Path directory) {
        world = new MailWorld(directory);
    }

    @AfterEach
    void close() {
        world.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "SignDkim AddFooter                                     | AddFooter",
        "SealArc AddSubjectPrefix SignDkim                      | AddSubjectPrefix",
        "SealArc SignDkim org.apache.james.transport.mailets.SetMimeHeader | org.apache.james.transport.mailets.SetMimeHeader",
        "SignDkim org.apache.james.jdkim.mailets.ConvertTo7Bit  | org.apache.james.jdkim.mailets.ConvertTo7Bit",
        "SignDkim ListPost                                      | dev.signet.mailets.ListPost",
        "SignDkim MungeFrom RemoveMimeHeader                    | dev.signet.mailets.MungeFrom,RemoveMimeHeader",
        "AddFooter ListPost MungeFrom SealArc SignDkim          |",
        "SealArc SignDkim SealArc RewriteSender LogMessage      |",
        "SignDkim com.example.AddFooter                         |",
        "AddFooter RemoveMimeHeader                             |",
    })
    void warnsOfMailetsThatChangeMailBehindItsSignature(String mailets, String complained) throws IOException {
        configure(Stream.of(mailets.split(" ")).map(MailetOrderTest::mailet).collect(Collectors.joining("\n")));

        List<String> named = complained == null ? List.of() : List.of(complained.split(","));
        assertThat(world.signet.warnOfLateChanges()).hasSameSizeAs(named).zipSatisfy(named, (complaint, name) -> assertThat(complaint)
                .startsWith("conf/mailetcontainer.xml: in processor outgoing, " + name + " changes mail behind dev.signet.mailets.S")
                .endsWith(", which breaks the signature: put it in front"));
    }

    @ParameterizedTest
    @CsvSource({"quarantine, header X-Dmarc: quarantine, 1", "reject, header X-Dmarc: reject, 1", "none, Header X-Dmarc: none, 1", "reject, processor spam, 0"})
    void warnsOfFieldsThatApplyDmarcWrites(String parameter, String action, int complaints) throws IOException {
        configure(mailet("SignDkim") + "<mailet match=\"All\" class=\"dev.signet.mailets.ApplyDmarc\"><" + parameter + ">" + action
                + "</" + parameter + "></mailet>");

        assertThat(world.signet.warnOfLateChanges()).hasSize(complaints);
    }

    @Test
    void namesAllSignersInFront() throws IOException {
        configure(mailet("SealArc") + mailet("SignDkim") + mailet("AddFooter"));

        assertThat(world.signet.warnOfLateChanges()).containsExactly("conf/mailetcontainer.xml: in processor outgoing, AddFooter changes mail"
                + " behind dev.signet.mailets.SealArc and dev.signet.mailets.SignDkim, which breaks the signature: put it in front");
    }

    /** An embedded James may have its processors from somewhere else; a file that is no XML is for James to refuse. */
    @Test
    void neverKeepsASigningMailetFromStarting() throws Exception {
        world.write("conf/rsa.pem", MailWorld.RSA.pem());
        FakeMailetConfig config = FakeMailetConfig.builder().mailetName("SignDkim").setProperty("domain", "example.com")
                .setProperty("selector", "rsa").setProperty("keyFile", "file://conf/rsa.pem").build();
        new SignDkim(world.signet).init(config);
        assertThat(world.signet.warnOfLateChanges()).isEmpty();

        try (MailWorld broken = new MailWorld(world.directory)) {
            world.write("conf/mailetcontainer.xml", "<mailetcontainer><processors>");
            new SealArc(broken.signet).init(config);
            assertThat(broken.signet.warnOfLateChanges()).singleElement().asString().startsWith("conf/mailetcontainer.xml cannot be read");
        }
    }

    private void configure(String mailets) throws IOException {
        world.write("conf/mailetcontainer.xml", """
                <?xml version="1.0"?>
                <mailetcontainer>
                  <context><postmaster>postmaster</postmaster></context>
                  <processors>
                    <processor state="root">
                      <mailet match="All" class="dev.signet.mailets.VerifyMail"/>
                      <mailet match="All" class="AddFooter"><text>a, b</text></mailet>
                    </processor>
                    <processor state="outgoing">
                %s
                      <mailet match="All" class="RemoteDelivery"/>
                    </processor>
                  </processors>
                </mailetcontainer>
                """.formatted(mailets));
    }

    private static String mailet(String name) {
        boolean ours = List.of("SignDkim", "SealArc", "ListPost", "MungeFrom", "RewriteSender").contains(name);
        return "<mailet match=\"All\" class=\"" + (ours ? "dev.signet.mailets." : "") + name + "\"><notice>a, b</notice></mailet>";
    }
}
