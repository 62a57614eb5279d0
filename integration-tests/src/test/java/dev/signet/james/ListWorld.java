// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.dns.DnsjavaDns;
import dev.signet.inbound.Connection;
import dev.signet.inbound.InboundCheck;
import dev.signet.inbound.InboundOptions;
import dev.signet.inbound.Verdict;
import dev.signet.message.HeaderBlock;
import dev.signet.message.HeaderField;
import dev.signet.message.MessageLimits;
import dev.signet.scenario.World;
import dev.signet.smtp.Envelope;
import dev.signet.smtp.ReceivedMail;
import dev.signet.smtp.SmtpClient;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Predicate;

/** The sample {@code list} on a real James 3.8, its two lists, and a judge of what it sends. */
final class ListWorld implements AutoCloseable {

    /** The list of the sample. */
    static final String TALK = "talk@" + JamesInstall.DOMAIN;

    /** One to which everybody may post, with a sender for each member and no footer. */
    static final String OTHER = "other@" + JamesInstall.DOMAIN;

    /** One that its members can leave with one click. */
    static final String CLUB = "club@" + JamesInstall.DOMAIN;

    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String AUTHORS_SERVER = "192.0.2.30";

    final World world;
    final WebAdmin admin;
    private final InboundCheck judge;

    private ListWorld(World world) {
        this.world = world;
        this.admin = new WebAdmin(world.ports().webAdmin());
        this.judge = new InboundCheck(
                DnsjavaDns.onServers(List.of(world.dns().socketAddress()), Duration.ofSeconds(5), 2),
                InboundOptions.DEFAULT,
                Thread::startVirtualThread,
                InstantSource.system());
    }

    static ListWorld start(String name, World.Change change) throws IOException, InterruptedException {
        return new ListWorld(World.start(
                TestBuild.emptyDirectory(name),
                TestBuild.james38(),
                TestBuild.signetFor38(),
                install -> {
                    layOut(install);
                    change.to(install);
                },
                System.out::println));
    }

    /** The sample, but for the domain, and two lists more. */
    private static void layOut(JamesInstall install) throws IOException {
        install.useSample("list");
        Path samples = install.conf().resolve("signet-samples").resolve("list");
        Files.copy(samples.resolve("talk-footer.txt"), install.conf().resolve("talk-footer.txt"), StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(install.conf().resolve("club.secret"), "0123456789abcdef\n");
        String list = "//mailet[@class='dev.signet.mailets.ListPost']";
        XmlFile xml = XmlFile.read(install.conf().resolve("mailetcontainer.xml"))
                .attribute(list, "match", "RecipientIs=" + TALK)
                .text(list + "/address", TALK)
                .text("//mailet[@class='dev.signet.mailets.MungeFrom']/list", TALK);
        String other = addList(xml, OTHER, "[other]");
        xml.append(other, "posting", "everybody")
                .append(other, "processor", "other-list")
                .remove(other + "/footer")
                .duplicate("//processor[@state='list']")
                .attribute("//processor[@state='list'][2]", "state", "other-list")
                .attribute("//processor[@state='other-list']/mailet[last()]", "class", "dev.signet.mailets.VerpSender");
        String club = addList(xml, CLUB, "[club]");
        xml.append(club, "posting", "everybody")
                .append(club, "oneClick", "https://home.example/leave?member={member}&token={token}")
                .append(club, "oneClickSecret", "file://conf/club.secret")
                .write();
    }

    /** Like the first one, but for its address and prefix; returns its place. */
    private static String addList(XmlFile xml, String address, String prefix) {
        String place = "//mailet[@match='RecipientIs=" + address + "']";
        xml.duplicate("//processor[@state='transport']/mailet[@class='dev.signet.mailets.ListPost']")
                .attribute("//processor[@state='transport']/mailet[@class='dev.signet.mailets.ListPost'][2]", "match", "RecipientIs=" + address)
                .text(place + "/address", address)
                .text(place + "/subjectPrefix", prefix);
        return place;
    }

    /** Sends as a stranger. */
    void post(String sender, String recipient, String message) throws IOException {
        try (SmtpClient smtp = SmtpClient.connectAs(world.ports().proxiedMx(), AUTHORS_SERVER)) {
            smtp.ehlo("mail.authors.example");
            assertThat(smtp.send(new Envelope(sender, recipient), message).code()).isEqualTo(250);
        }
    }

    /** What comes to the outside with this subject, for this member. */
    ReceivedMail await(String subject, String member) throws Exception {
        return world.outside().await(withSubject(subject).and(mail -> mail.envelope().recipients().contains(member)), PATIENCE);
    }

    /** How many mails with this subject the member has got so far. */
    long count(String subject, String member) {
        return world.outside().received().stream()
                .filter(withSubject(subject))
                .flatMap(mail -> mail.envelope().recipients().stream())
                .filter(member::equals)
                .count();
    }

    /** As a stranger's server sees it, who knows nothing but the message. */
    Verdict judge(String message) {
        return judge.check(Connection.UNKNOWN, new ByteArrayInputStream(message.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** Waits until James has logged a line that contains this. */
    void awaitLog(String text) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (Files.readAllLines(world.james().install().log()).stream().noneMatch(line -> line.contains(text))) {
            assertThat(System.nanoTime()).as("nothing in the log of: %s\n%s", text, world.james().logTail()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    static Predicate<ReceivedMail> withSubject(String subject) {
        return mail -> fields(mail.message(), "Subject").stream().anyMatch(subject::equals);
    }

    /** All fields of that name, top to bottom, unfolded. */
    static List<String> fields(String message, String name) {
        byte[] bytes = message.getBytes(StandardCharsets.ISO_8859_1);
        return HeaderBlock.parse(bytes, message.indexOf("\r\n\r\n"), MessageLimits.DEFAULT).all(name).stream()
                .map(HeaderField::unfolded)
                .map(field -> field.replaceAll("\\s+", " "))
                .toList();
    }

    @Override
    public void close() throws IOException {
        world.close();
    }
}
