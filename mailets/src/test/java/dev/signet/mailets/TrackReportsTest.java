// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.sending.OutgoingMail;
import org.apache.commons.configuration2.BaseHierarchicalConfiguration;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.james.protocols.smtp.hook.HookResult;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Attribute;
import org.apache.mailet.Mail;
import org.apache.mailet.base.test.FakeMailContext;
import org.apache.mailet.base.test.FakeMailetConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import jakarta.mail.MessagingException;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class TrackReportsTest {

    private static final String TOKEN = "0123456789abcdef0123";
    private static final String BOUNCE = """
            Content-Type: multipart/report; report-type=delivery-status; boundary=b\r
            \r
            --b\r
            Content-Type: message/delivery-status\r
            \r
            Action: failed\r
            Status: 5.1.1\r
            Diagnostic-Code: smtp; 550 no such user\r
            --b--\r
            """;

    private final FakeMailContext james = FakeMailContext.builder().build();
    private final MailWorld world;

    TrackReportsTest(@TempDir Path directory) throws SQLException {
        world = new MailWorld(directory, Map.of("reports", "true", "reports.send", "true", "reports.email", "dmarc@home.example",
                "reports.database", "file://reports", "reports.journal", "file://journal"));
        world.signet.reporting().orElseThrow().database().transaction(connection -> {
            update(connection, "insert into signet_policy_day (utc_day, domain, policy, record, record_time, messages, due, closed)"
                    + " values (date '2026-11-22', 'one.example', '{}', 'v=DMARC1', current_timestamp, 1, true, true)");
            update(connection, "insert into signet_outgoing_report (policy_day, state, send_at, give_up_at, attempts, note)"
                    + " select id, 'waiting', current_timestamp, current_timestamp, 1, '' from signet_policy_day");
            return update(connection, "insert into signet_outgoing_mail (mail_id, policy_day, utc_day, recipient, recipient_host, dated,"
                    + " bounce_token, state, node, copy_number) select 'id', id, utc_day, 'r@one.example', 'one.example', current_timestamp, '"
                    + TOKEN + "', 'queued', 'n', 2 from signet_policy_day");
        });
    }

    private static int update(Connection connection, String statement) throws SQLException {
        try (PreparedStatement prepared = connection.prepareStatement(statement)) {
            return prepared.executeUpdate();
        }
    }

    private List<String> query(String statement) throws SQLException {
        return world.signet.reporting().orElseThrow().database().transaction(connection -> {
            List<String> found = new ArrayList<>();
            try (PreparedStatement prepared = connection.prepareStatement(statement); ResultSet results = prepared.executeQuery()) {
                while (results.next()) {
                    found.add(results.getString(1));
                }
            }
            return found;
        });
    }

    @AfterEach
    void close() {
        world.signet.reporting().orElseThrow().close();
        world.close();
    }

    private TrackReports mailet(String at) throws MessagingException {
        TrackReports mailet = new TrackReports(world.signet);
        mailet.init(FakeMailetConfig.builder().mailetName("TrackReports").mailetContext(james).setProperty("at", at).build());
        return mailet;
    }

    private MailImpl report(int copy) throws MessagingException {
        MailImpl mail = world.mail(MailWorld.MESSAGE);
        String tag = new OutgoingMail("id", copy, null, "r@one.example", new byte[0]).tag();
        mail.setAttribute(Attribute.convertToAttribute("dev.signet.report", tag));
        return mail;
    }

    @Test
    void whatJamesSendsIsTheReportWithItsBytesItsSenderAndItsTag() throws Exception {
        new JamesQueue(james).put(new OutgoingMail("id", 3, "dmarc+" + TOKEN + "@home.example", "r@one.example",
                MailWorld.MESSAGE.getBytes(StandardCharsets.US_ASCII)));

        FakeMailContext.SentMail sent = james.getSentMails().getFirst();
        assertThat(sent.getSender().asString()).isEqualTo("dmarc+" + TOKEN + "@home.example");
        assertThat(sent.getRecipients()).containsExactly(new MailAddress("r@one.example"));
        assertThat(sent.getAttributes()).containsValue(Attribute.convertToAttribute("dev.signet.report", "id 3"));
    }

    @Test
    void theFirstCopyLeavesAndTheOtherDoesNotAndOtherMailPasses() throws Exception {
        MailImpl second = report(2);
        MailImpl first = report(1);
        MailImpl other = world.mail(MailWorld.MESSAGE);
        for (MailImpl mail : List.of(second, first, other)) {
            mailet("departure").service(mail);
        }

        assertThat(second.getState()).isNotEqualTo(Mail.GHOST);
        assertThat(first.getState()).isEqualTo(Mail.GHOST);
        assertThat(other.getState()).isNotEqualTo(Mail.GHOST);
        assertThat(query("select state from signet_outgoing_mail")).containsExactly("departed");
    }

    @Test
    void aDeliveryIsNoted() throws Exception {
        mailet("delivery").service(report(2));

        assertThat(query("select state from signet_outgoing_mail")).containsExactly("delivered");
    }

    @Test
    void whoRefusesIsSuppressedAndWhoCouldNotBeReachedIsNot() throws Exception {
        MailImpl unreachable = report(2);
        mailet("failure").service(unreachable);
        assertThat(unreachable.getState()).isEqualTo(Mail.GHOST);
        assertThat(query("select address from signet_suppressed_address")).isEmpty();

        MailImpl refused = report(2);
        refused.setAttribute(Attribute.convertToAttribute("is-delivery-permanent-error", true));
        refused.setAttribute(Attribute.convertToAttribute("delivery-error", "550 go away"));
        mailet("failure").service(refused);
        assertThat(query("select address || ' ' || reason from signet_suppressed_address")).containsExactly("r@one.example 550 go away");
    }

    @Test
    void aBounceSuppressesItsRecipientAndGoesNowhereElse() throws Exception {
        MailImpl forged = world.mail(BOUNCE);
        forged.setRecipients(List.of(new MailAddress("dmarc+ffffffffffffffffffff@home.example")));
        mailet("bounce").service(forged);
        assertThat(forged.getState()).isEqualTo(Mail.GHOST);
        assertThat(query("select address from signet_suppressed_address")).isEmpty();

        MailImpl bounce = world.mail(BOUNCE);
        bounce.setRecipients(List.of(new MailAddress("dmarc+" + TOKEN + "@home.example"), new MailAddress("bob@home.example")));
        mailet("bounce").service(bounce);
        assertThat(bounce.getRecipients()).containsExactly(new MailAddress("bob@home.example"));
        assertThat(query("select address || ' ' || reason from signet_suppressed_address"))
                .containsExactly("r@one.example smtp; 550 no such user");
    }

    @Test
    void onlyBouncesAreLetIn() throws Exception {
        ReportBouncesHook hook = new ReportBouncesHook(world.signet);
        hook.init(new BaseHierarchicalConfiguration());
        MailAddress back = new MailAddress("dmarc+" + TOKEN + "@home.example");

        assertThat(hook.doRcpt(null, MaybeSender.nullSender(), back)).isEqualTo(HookResult.OK);
        assertThat(hook.doRcpt(null, MaybeSender.getMailSender("spam@far.example"), back)).isEqualTo(HookResult.DECLINED);
        assertThat(hook.doRcpt(null, MaybeSender.nullSender(), new MailAddress("dmarc@home.example"))).isEqualTo(HookResult.DECLINED);
    }

    @Test
    void aWordThatIsNoPlaceStopsJames() {
        assertThatThrownBy(() -> mailet("door")).isInstanceOf(MessagingException.class).hasMessageContaining("at: found \"door\"");
    }
}
