// SPDX-License-Identifier: Apache-2.0
package dev.signet.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.arc.ArcResult;
import dev.signet.arc.ArcState;
import dev.signet.arc.TrustedSealers;
import dev.signet.dns.DomainName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

import javax.xml.parsers.DocumentBuilderFactory;

import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** The samples name what there is, and have it where it belongs. */
class SamplesTest {

    @ParameterizedTest
    @ValueSource(strings = {"mx", "spf", "dmarc-observe", "dmarc-quarantine", "dmarc-reject", "trusted-sealer", "outbound", "mx-and-outbound", "forward", "list", "reports"})
    void nameClassesThatExist(String sample) throws Exception {
        List<String> ours = new ArrayList<>();
        for (String file : List.of("mailetcontainer.xml", "smtpserver.xml")) {
            Document document = read(sample, file);
            ours.addAll(attributes(document, "mailet", "class"));
            ours.addAll(attributes(document, "mailet", "match"));
            ours.addAll(attributes(document, "handler", "class"));
        }
        ours.removeIf(name -> !name.startsWith("dev.signet."));

        assertThat(ours).isNotEmpty().allSatisfy(name -> {
            String resource = name.replaceFirst("=.*", "").replace('.', '/') + ".class";
            assertThat(SamplesTest.class.getClassLoader().getResource(resource)).as(name).isNotNull();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"mx", "spf", "dmarc-observe", "dmarc-quarantine", "dmarc-reject", "trusted-sealer", "mx-and-outbound", "forward", "list", "reports"})
    void verifyBeforeAnythingElse(String sample) throws Exception {
        assertThat(attributes(read(sample, "mailetcontainer.xml"), "mailet", "class").getFirst())
                .isEqualTo("dev.signet.mailets.VerifyMail");
        List<String> handlers = attributes(read(sample, "smtpserver.xml"), "handler", "class");
        assertThat(handlers.indexOf("dev.signet.mailets.VerifyMailHook"))
                .isNotNegative()
                .isLessThan(handlers.indexOf("org.apache.james.smtpserver.CoreCmdHandlerLoader"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"outbound", "mx-and-outbound", "forward", "list", "reports"})
    void takeMailOfUsersOverStartTlsWithAPassword(String sample) throws Exception {
        Document document = read(sample, "smtpserver.xml");
        NodeList servers = document.getElementsByTagName("smtpserver");
        Element submission = (Element) servers.item(servers.getLength() - 1);

        assertThat(text(submission, "jmxName")).isEqualTo("submission");
        assertThat(((Element) submission.getElementsByTagName("tls").item(0)).getAttribute("startTLS")).isEqualTo("true");
        assertThat(text(submission, "announce")).isEqualTo("always");
        assertThat(text(submission, "requireSSL")).isEqualTo("true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"outbound", "mx-and-outbound", "forward", "reports"})
    void signLast(String sample) throws Exception {
        List<String> mailets = attributes(read(sample, "mailetcontainer.xml"), "mailet", "class");

        assertThat(mailets.get(mailets.indexOf("RemoteDelivery") - 1)).isEqualTo("dev.signet.mailets.SignDkim");
    }

    @Test
    void sealInFrontOfTheSignatureAndBehindWhatChangesMail() throws Exception {
        List<String> mailets = attributes(read("forward", "mailetcontainer.xml"), "mailet", "class");

        assertThat(mailets).containsSubsequence(
                "dev.signet.mailets.RewriteSender", "dev.signet.mailets.SealArc", "dev.signet.mailets.SignDkim", "RemoteDelivery");
        assertThat(mailets.indexOf("dev.signet.mailets.SignDkim")).isEqualTo(mailets.indexOf("dev.signet.mailets.SealArc") + 1);
    }

    /** A list changes, then seals, then signs, then sends; what strangers may post by a moderator's leave is changed in the same way. */
    @Test
    void sendPostsInTheOrderThatCounts() throws Exception {
        Document document = read("list", "mailetcontainer.xml");

        assertThat(classes(document, "transport")).containsSubsequence(
                "dev.signet.mailets.ApplyDmarc", "dev.signet.mailets.ListPost", "RecipientRewriteTable", "LocalDelivery");
        assertThat(classes(document, "list")).containsExactly(
                "ToProcessor", "dev.signet.mailets.MungeFrom", "dev.signet.mailets.SealArc", "dev.signet.mailets.SignDkim", "ToProcessor");
        assertThat(classes(document, "outgoing"))
                .containsExactly("dev.signet.mailets.SealArc", "dev.signet.mailets.SignDkim", "ToProcessor");
        assertThat(classes(document, "delivery")).containsExactly("RemoteDelivery");
        NodeList lists = document.getElementsByTagName("subjectPrefix");
        assertThat(lists.getLength()).isEqualTo(2);
        Element members = (Element) lists.item(0).getParentNode();
        Element approved = (Element) lists.item(1).getParentNode();
        assertThat(text(approved, "posting")).isEqualTo("everybody");
        for (String parameter : List.of("address", "name", "subjectPrefix", "footer")) {
            assertThat(text(approved, parameter)).isEqualTo(text(members, parameter));
        }
    }

    /** Behind the verdict that a report is believed by, and before anything delivers it. */
    @Test
    void takeReportsOfOthersRightBehindTheirVerdict() throws Exception {
        assertThat(classes(read("reports", "mailetcontainer.xml"), "root"))
                .startsWith("dev.signet.mailets.VerifyMail", "dev.signet.mailets.TrackReports", "dev.signet.mailets.CollectReports");
    }

    @Test
    void trustOneSealerByAFileThatCanBeRead() throws Exception {
        Path sample = Path.of("src", "main", "conf", "trusted-sealer");
        Properties settings = new Properties();
        try (Reader reader = Files.newBufferedReader(sample.resolve("signet.properties"))) {
            settings.load(reader);
        }
        ArcResult chain = new ArcResult(ArcState.PASS, 1, 0, List.of(DomainName.of("lists.example.net")), "");

        assertThat(settings.getProperty("trusted-sealers")).isEqualTo("file://conf/trusted-sealers");
        assertThat(TrustedSealers.read(sample.resolve("trusted-sealers")).sealedLast(chain)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"dmarc-observe, observe, false", "dmarc-quarantine, observe, true", "dmarc-reject, enforce, true", "trusted-sealer, enforce, true", "mx-and-outbound, enforce, true", "list, enforce, true",
        "reports, enforce, true"})
    void actOnDmarcAsFarAsTheirStageGoes(String sample, String mode, boolean applied) throws Exception {
        Element hook = (Element) read(sample, "smtpserver.xml").getElementsByTagName("mode").item(0).getParentNode();
        List<String> mailets = attributes(read(sample, "mailetcontainer.xml"), "mailet", "class");

        assertThat(hook.getAttribute("class")).isEqualTo("dev.signet.mailets.VerifyMailHook");
        assertThat(text(hook, "mode")).isEqualTo(mode);
        assertThat(mailets.contains("dev.signet.mailets.ApplyDmarc")).isEqualTo(applied);
    }

    /** Whom a mail goes to from here must have a processor to go to. */
    @ParameterizedTest
    @ValueSource(strings = {"mx", "spf", "dmarc-observe", "dmarc-quarantine", "dmarc-reject", "trusted-sealer", "outbound", "mx-and-outbound", "forward", "list", "reports"})
    void haveTheProcessorsThatTheyName(String sample) throws Exception {
        Document document = read(sample, "mailetcontainer.xml");
        List<String> named = new ArrayList<>();
        for (String element : List.of("processor", "errorProcessor", "bounceProcessor", "quarantine", "reject", "moderation")) {
            NodeList elements = document.getElementsByTagName(element);
            for (int i = 0; i < elements.getLength(); i++) {
                if (!((Element) elements.item(i)).hasAttribute("state")) {
                    named.add(elements.item(i).getTextContent());
                }
            }
        }
        named.removeIf(name -> name.startsWith("repository "));

        assertThat(named).isNotEmpty();
        assertThat(attributes(document, "processor", "state")).containsAll(
                named.stream().map(name -> name.replaceFirst("^processor ", "")).toList());
    }

    private static List<String> classes(Document document, String processor) {
        NodeList processors = document.getElementsByTagName("processor");
        List<String> classes = new ArrayList<>();
        for (int i = 0; i < processors.getLength(); i++) {
            Element element = (Element) processors.item(i);
            NodeList mailets = element.getElementsByTagName("mailet");
            for (int m = 0; element.getAttribute("state").equals(processor) && m < mailets.getLength(); m++) {
                classes.add(((Element) mailets.item(m)).getAttribute("class"));
            }
        }
        return classes;
    }

    private static String text(Element element, String name) {
        return element.getElementsByTagName(name).item(0).getTextContent();
    }

    private static Document read(String sample, String file) throws Exception {
        return DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder()
                .parse(Path.of("src", "main", "conf", sample, file).toFile());
    }

    private static List<String> attributes(Document document, String element, String attribute) {
        List<String> values = new ArrayList<>();
        NodeList elements = document.getElementsByTagName(element);
        for (int i = 0; i < elements.getLength(); i++) {
            values.add(((Element) elements.item(i)).getAttribute(attribute));
        }
        return values;
    }
}
