// SPDX-License-Identifier: Apache-2.0
package dev.signet.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.dns.Network;
import dev.signet.dns.RecordType;
import dev.signet.senderid.SenderIdOptions;
import dev.signet.spf.SpfResult;
import dev.signet.testing.FakeDns;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayInputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Who the client is, and what is asked about it. */
class ClientCheckTest {

    private static final String OWN = """
            Received: from relay.example (EHLO relay.example) ([10.0.0.1])\r
                      by mx.example.net (JAMES SMTP Server ) with ESMTP ID 1;\r
                      Mon, 23 Nov 2026 12:00:00 +0000 (UTC)\r
            """;

    private final FakeDns dns = new FakeDns()
            .txt("example.com", "v=spf1 ip4:192.0.2.1 ~all")
            .txt("mail.example.com", "v=spf1 a -all")
            .address("mail.example.com", "192.0.2.1")
            .ptr("192.0.2.1", "mail.example.com");

    private Verdict check(String client, @Nullable String user, ConnectionOptions options, String header) {
        Connection connection = new Connection(address(client), "mail.example.com", "a@example.com", user, "TLSv1.3 AES");
        InboundCheck check = new InboundCheck(
                dns,
                InboundOptions.DEFAULT.withConnection(options).withDmarc(Optional.empty()),
                Thread::startVirtualThread,
                InstantSource.system());
        return check.check(connection, new ByteArrayInputStream((header + "\r\n").getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(literal, e);
        }
    }

    private static List<Network> networks(String cidr) {
        return List.of(Network.parse(cidr).orElseThrow());
    }

    private static ConnectionOptions relays(String cidr) {
        return ConnectionOptions.DEFAULT.withRelays(new Relays.InNetworks(networks(cidr)));
    }

    private static String mailFromResult(Verdict verdict) {
        return verdict.client().map(client -> client.mailFrom().state().word()).orElse("not asked");
    }

    @Test
    void bothIdentitiesAndTheReverseNameAreTold() {
        Verdict verdict = check("192.0.2.1", null, ConnectionOptions.DEFAULT, "");
        assertThat(verdict.authenticationResults("mx.example.net").toField().unfolded().replace('\t', ' '))
                .isEqualTo("mx.example.net; iprev=pass (mail.example.com) (TLSv1.3 AES) policy.iprev=192.0.2.1;"
                        + " spf=pass smtp.mailfrom=a@example.com; spf=pass smtp.helo=mail.example.com; dkim=none;"
                        + " arc=none smtp.remote-ip=192.0.2.1");
    }

    @Test
    void aVerdictTravelsAsJson() {
        Verdict verdict = check("192.0.2.7", null, ConnectionOptions.DEFAULT, "");
        Verdict read = Verdict.fromJson(verdict.toShortJson()).orElseThrow();
        assertThat(verdict.toShortJson()).hasSizeLessThan(verdict.toJson().length()).doesNotContain("null", "\"sealers\"");
        assertThat(read).usingRecursiveComparison().ignoringFields("client.value.mailFrom.trace", "client.value.helo.trace").isEqualTo(verdict);
        assertThat(read.authenticationResults("x")).isEqualTo(verdict.authenticationResults("x"));
        assertThat(verdict.toJson()).contains(
                "\"spf\":{\"mailfrom\":{\"result\":\"softfail\",\"domain\":\"example.com\",\"mechanism\":\"~all\"");
    }

    @Test
    void aClientOfOneLinkTravelsAsJsonWithoutTheNameOfTheLink() throws Exception {
        InetAddress client = Inet6Address.getByAddress("", InetAddress.getByName("fe80::1").getAddress(), 1);
        Verdict verdict = new InboundCheck(dns, InboundOptions.DEFAULT, Thread::startVirtualThread, InstantSource.system()).check(
                new Connection(client, "mail.example.com", "a@example.com", null, null), new ByteArrayInputStream(new byte[0]));

        assertThat(verdict.toJson()).contains("\"ip\":\"fe80::1\"");
        assertThat(Verdict.fromJson(verdict.toJson())).isPresent();
        assertThat(verdict.authenticationResults("x").toField().body()).doesNotContain("%");
    }

    @Test
    void whoProvedWhoHeIsAndOwnMachinesAreNotAskedAbout() {
        assertThat(check("192.0.2.1", "alice", ConnectionOptions.DEFAULT, "").client()).isEmpty();
        assertThat(check("192.0.2.1", "alice", ConnectionOptions.DEFAULT, "").authenticationResults("x").toField().body())
                .contains("auth=pass").contains("smtp.auth=alice");
        assertThat(check("10.0.0.1", null, ConnectionOptions.DEFAULT.withOwnNetworks(networks("10.0.0.0/8")), "").client()).isEmpty();
        assertThat(dns.asked()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # Postfix
            from mail.example.com (unknown [192.0.2.1]) by relay.example with ESMTP id 1; date | pass
            from mail.example.com (x [192.0.2.1]) (using TLSv1.3 with cipher X (256/256 bits)) (No client certificate requested) by r; | pass
            from mail.example.com (unknown [IPv6:2001:db8::1]) by relay.example; date | softfail
            from [192.0.2.1] (unknown [192.0.2.9]) by relay.example; date | softfail
            # Sendmail
            from mail.example.com (x.example [192.0.2.1] (may be forged)) by relay.example (8.18/8.18) with ESMTP; date | pass
            # James, qmail
            from x (EHLO mail.example.com) ([192.0.2.1]) by relay.example (JAMES SMTP Server ) with SMTP; date | pass
            from x (EHLO [192.0.2.1]) ([192.0.2.9]) by relay.example; date | softfail
            from x (EHLO 192.0.2.1) ([192.0.2.9]) by relay.example; date | softfail
            from unknown (HELO mail.example.com) (192.0.2.1) by relay.example with SMTP; date | pass
            # Exim
            from mail.example.com ([192.0.2.1] helo=mail.example.com) by relay.example; date | pass
            from [192.0.2.1] (port=40000 helo=mail.example.com) by relay.example with esmtps; date | pass
            from x ([192.0.2.9] helo=[192.0.2.1]) by relay.example; date | softfail
            from [192.0.2.9] (helo=[192.0.2.1]) by relay.example; date | softfail
            # Exchange
            from mail.example.com (192.0.2.1) by relay.example (10.0.0.1) with Microsoft SMTP Server; date | pass
            # HELO names that imitate another form, or end one early
            from x (EHLO y [192.0.2.1]) by (z) ([192.0.2.9]) by relay.example; date | not asked
            from x (EHLO y) [192.0.2.1] (z) ([192.0.2.9]) by relay.example; date | not asked
            from x (EHLO y) ([192.0.2.1]) by z) ([192.0.2.9]) by relay.example; date | not asked
            from x (unknown [192.0.2.1]) by y (unknown [192.0.2.9]) by relay.example; date | not asked
            from x([192.0.2.1]) (unknown [192.0.2.9]) by relay.example; date | not asked
            from [192.0.2.1](x (unknown [192.0.2.9]) by relay.example; date | not asked
            from x (EHLO y)	([192.0.2.1])	by	z) ([192.0.2.9]) by relay.example; date | not asked
            # Nobody is named
            from mail.example.com by relay.example; date | not asked
            from mail.example.com (unknown [192.0.2.300]) by relay.example; date | not asked
            by relay.example (Postfix, from userid 0); date | not asked
            """)
    void behindATrustedRelayTheClientIsTheOneThatTheRelayNames(String received, String expected) {
        ConnectionOptions relays = relays("10.0.0.0/8");
        Verdict verdict = check("10.0.0.1", null, relays, OWN + "Received: " + received + "\r\n");
        assertThat(mailFromResult(verdict)).isEqualTo(expected);
    }

    @Test
    void foldingDoesNotMatterAndAFieldTooLongToBeOfARelayNamesNobody() {
        String folded = "from\tmail.example.com\r\n\t(unknown [192.0.2.1])\r\n\t(using TLSv1.3 with cipher X (256/256 bits)\r\n"
                + "\t key-exchange X25519 server-signature RSA-PSS (2048 bits) server-digest SHA256)\r\n\tby relay.example (Postfix);\r\n\tdate";
        assertThat(mailFromResult(check("10.0.0.1", null, relays("10.0.0.1"), OWN + "Received: " + folded + "\r\n"))).isEqualTo("pass");
        String endless = "from x (EHLO y) ([192.0.2.1]) by z" + "z".repeat(3_000) + ") ([192.0.2.9]) by relay.example; date";
        assertThat(mailFromResult(check("10.0.0.1", null, relays("10.0.0.1"), OWN + "Received: " + endless + "\r\n"))).isEqualTo("not asked");
    }

    @ParameterizedTest
    @CsvSource({
        "1, 192.0.2.9 192.0.2.1, softfail",
        "2, 192.0.2.9 192.0.2.1, pass",
        "2, 192.0.2.1 192.0.2.9, softfail",
        "3, 192.0.2.1 192.0.2.1, not asked",
        "10, 192.0.2.1 192.0.2.1, not asked",
    })
    void atADepthTheClientIsTheOneOfThatFieldWhoeverIsConnected(int depth, String clients, String expected) {
        StringBuilder header = new StringBuilder(OWN);
        for (String client : clients.split(" ", -1)) {
            header.append("Received: from mail.example.com (unknown [").append(client).append("]) by relay.example; date\r\n");
        }
        ConnectionOptions options = ConnectionOptions.DEFAULT.withRelays(new Relays.AtDepth(depth));
        assertThat(mailFromResult(check("192.0.2.1", null, options, header.toString()))).isEqualTo(expected);
        assertThat(mailFromResult(check("192.0.2.1", null, options, OWN))).as("no such field").isEqualTo("not asked");
        assertThat(mailFromResult(check("192.0.2.1", "alice", options, header.toString()))).as("logged in").isEqualTo("not asked");
    }

    @Test
    void aRelayAmongTheOwnNetworksIsARelayAndBehindItOwnMachinesAreNotAskedAbout() {
        ConnectionOptions options = relays("10.0.0.1").withOwnNetworks(networks("10.0.0.0/8"));
        String stranger = "Received: from x (unknown [192.0.2.1]) by relay.example; date\r\n";
        assertThat(mailFromResult(check("10.0.0.1", null, options, OWN + stranger))).isEqualTo("pass");
        assertThat(mailFromResult(check("10.0.0.1", null, options, OWN + stranger.replace("192.0.2.1", "10.0.0.7")))).isEqualTo("not asked");
        assertThat(mailFromResult(check("10.0.0.7", null, options, OWN + stranger))).isEqualTo("not asked");
    }

    @Test
    void theResultsAreToldAsReceivedSpfToo() {
        Verdict verdict = Verdict.fromJson(check("192.0.2.1", null, ConnectionOptions.DEFAULT, "").toJson()).orElseThrow();
        assertThat(verdict.receivedSpf("mx.example.net")).extracting(field -> field.unfolded()).containsExactly(
                "pass (mx.example.net: ip4:192.0.2.1 in the record of example.com) client-ip=192.0.2.1; envelope-from=\"a@example.com\";"
                        + " helo=mail.example.com; receiver=mx.example.net; identity=mailfrom; mechanism=\"ip4:192.0.2.1\"",
                "pass (mx.example.net: a in the record of mail.example.com) client-ip=192.0.2.1; envelope-from=\"a@example.com\";"
                        + " helo=mail.example.com; receiver=mx.example.net; identity=helo; mechanism=a");
        assertThat(check("192.0.2.1", "alice", ConnectionOptions.DEFAULT, "").receivedSpf("mx.example.net")).isEmpty();
    }

    @Test
    void aReceivedFieldOfAStrangerIsNotBelieved() {
        String forged = "Received: from mail.example.com (unknown [192.0.2.1]) by relay.example; date\r\n";
        ConnectionOptions relays = relays("10.0.0.0/8");
        Verdict verdict = check("192.0.2.9", null, relays, forged);
        assertThat(verdict.client().map(client -> client.mailFrom().state())).contains(SpfResult.State.SOFTFAIL);
        String honest = "Received: from stranger.example (unknown [192.0.2.9]) by relay.example; date\r\n";
        Verdict relayed = check("10.0.0.1", null, relays, OWN + honest + forged);
        assertThat(relayed.client().map(client -> client.mailFrom().state())).contains(SpfResult.State.SOFTFAIL);
    }

    @Test
    void senderIdIsCheckedWhereItIsWanted() {
        ConnectionOptions senderId = ConnectionOptions.DEFAULT.withSenderId(SenderIdOptions.DEFAULT);
        String header = "From: news@mail.example.com\r\nSender: Alice <a@example.com>\r\n";
        Verdict verdict = check("192.0.2.7", null, senderId, header);
        assertThat(verdict.toJson())
                .contains("\"senderId\":{\"result\":\"softfail\",\"pra\":\"a@example.com\",\"domain\":\"example.com\"");
        assertThat(verdict.authenticationResults("x").toField().body()).contains("sender-id=softfail");
        assertThat(Verdict.fromJson(verdict.toShortJson()).flatMap(Verdict::senderId)).isEqualTo(verdict.senderId());
        assertThat(check("192.0.2.7", null, senderId, "X: y\r\n").toJson()).contains("\"pra\":null");
        assertThat(check("192.0.2.7", null, ConnectionOptions.DEFAULT, header).senderId()).isEmpty();
    }

    @Test
    void aNameServerThatFailsIsATemporaryErrorOfItsIdentityAlone() {
        dns.failing("example.com", RecordType.TXT, "SERVFAIL");
        Optional<ClientVerdict> client = check("192.0.2.1", null, ConnectionOptions.DEFAULT, "").client();
        assertThat(client.map(found -> found.mailFrom().state())).contains(SpfResult.State.TEMPERROR);
        assertThat(client.map(found -> found.helo().state())).contains(SpfResult.State.PASS);
    }
}
