// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets.list;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.dns.DomainName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;

class ListFieldsTest {

    private static final ListAddress LIST = ListAddress.parse("talk@example.org").orElseThrow();

    @Test
    void replaceThoseOfAnotherListAndNothingElse() throws IOException {
        String message = """
                Return-Path: <ann@member.example>\r
                X-BeenThere: other@example.com\r
                Authentication-Results: mx.member.example; spf=pass\r
                DKIM-Signature: v=1; d=member.example;\r
                \tb=AAAA\r
                List-Id: Other <other.example.com>\r
                LIST-UNSUBSCRIBE : <mailto:other-leave@example.com>\r
                List-Unsubscribe-Post: List-Unsubscribe=One-Click\r
                Archived-At: <https://example.com/1>\r
                Precedence: list\r
                Disposition-Notification-To: ann@member.example\r
                Bcc: secret@example.com\r
                From:  Ann <ann@member.example>\r
                Subject: dinner\r
                X-Listener: stays\r
                \r
                body""";
        ListFields fields = new ListFields(LIST, DomainName.of("talk.example.org"), "Talk of all", List.of(
                ListFields.command("List-Post", List.of("NO")),
                ListFields.command("List-Help", List.of("mailto:help@example.org", "https://example.org/help"))));

        assertThat(Messages.apply(fields.edit(), message)).isEqualTo("""
                X-BeenThere: talk@example.org\r
                Precedence: list\r
                List-Id: "Talk of all" <talk.example.org>\r
                List-Post: NO\r
                List-Help: <mailto:help@example.org>,\r
                 <https://example.org/help>\r
                X-BeenThere: other@example.com\r
                Authentication-Results: mx.member.example; spf=pass\r
                DKIM-Signature: v=1; d=member.example;\r
                \tb=AAAA\r
                From:  Ann <ann@member.example>\r
                Subject: dinner\r
                X-Listener: stays\r
                \r
                body""");
    }

    @Test
    void oneClickNamesTheMemberWithATokenThatOnlyTheSecretMakes() {
        OneClick oneClick = new OneClick("https://example.org/leave?m={member}&t={token}", "0123456789abcdef", List.of("mailto:leave@example.org"));

        // printf %s ann+x@member.example | openssl dgst -sha256 -hmac 0123456789abcdef
        assertThat(oneClick.fields("Ann+x@Member.example")).map(Object::toString).containsExactly(
                "List-Unsubscribe: <https://example.org/leave?m=Ann%2Bx%40Member.example&t=f59b83864ca4f3435c59bdbdd1005970068c912e2a53df8a7d78ac2319c856b5>,\r\n <mailto:leave@example.org>",
                "List-Unsubscribe-Post: List-Unsubscribe=One-Click");
        assertThat(oneClick).hasToString("OneClick[https://example.org/leave?m={member}&t={token}]");
    }

    @Test
    void aSenderForOneRecipientNamesIt() {
        assertThat(ListAddress.verp("talk-bounces@example.org", "Ann.B@Member.example")).contains("talk-bounces+Ann.B=Member.example@example.org");
        assertThat(ListAddress.verp("talk-bounces@example.org", "\"a b\"@member.example")).isEmpty();
        assertThat(ListAddress.verp("talk-bounces@example.org", "a".repeat(64) + "@member.example")).isEmpty();
        assertThat(ListAddress.verp("talk-bounces@example.org", "nobody")).isEmpty();
    }
}
