// SPDX-License-Identifier: Apache-2.0
package dev.signet.senderid;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.dns.DomainName;
import dev.signet.dns.MessageDns;
import dev.signet.dns.RecordType;
import dev.signet.spf.SpfOptions;
import dev.signet.spf.SpfRequest;
import dev.signet.spf.SpfResult.State;
import dev.signet.testing.FakeDns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;

/** RFC 4406. */
class SenderIdCheckerTest {

    private static final SenderIdOptions WITHOUT_SPF1 = new SenderIdOptions(false, SpfOptions.DEFAULT);

    private final FakeDns dns = new FakeDns();

    @ParameterizedTest
    @CsvSource({
        // Records, apart by "|", for the scope of the PRA.
        "spf2.0/pra ip4:192.0.2.3 -all, PASS",
        "spf2.0/mfrom;pra ip4:192.0.2.3 -all, PASS",
        "spf2.0/pra;mfrom ip4:192.0.2.3 -all, PASS",
        "SPF2.0/PRA ip4:192.0.2.3 -all, PASS",
        "spf2.0/pra, NEUTRAL",
        "spf2.0/pra -all, FAIL",
        "spf2.0/pra moo, PERMERROR",
        // §4.4: the minor version and scopes not known are for the future.
        "spf2.17/pra -all, FAIL",
        "spf2.0/mfrom;pra;fubar -all, FAIL",
        "spf2.0/mfrom;prattle;fubar -all, NONE",
        "spf2.0/prattle -all|v=spf1 ~all, SOFTFAIL",
        // §4.4: no proper version or scope section, no record.
        "spf2.0 -all, NONE",
        "spf2./pra -all, NONE",
        "spf2.0/ -all, NONE",
        "spf2.0/pra; -all, NONE",
        "spf2.x/pra -all, NONE",
        "spf2.0/pra;1x -all, NONE",
        "spf2.0/mfrom -all, NONE",
        // §4.4 and §3.4: spf2 goes before v=spf1, which stands in where spf2 does not have the scope.
        "v=spf1 -all, FAIL",
        "v=spf1 +all|spf2.0/pra -all, FAIL",
        "spf2.0/pra -all|v=spf1 +all, FAIL",
        "spf2.0/mfrom -all|v=spf1 ~all, SOFTFAIL",
        "spf2.0/mfrom +all|spf2.0/pra -all|v=spf1 ~all, FAIL",
        // §4.4: more than one left.
        "spf2.0/pra -all|spf2.0/mfrom;pra -all, PERMERROR",
        "v=spf1 -all|v=spf1 -all, PERMERROR",
        "v=spf1 -all|v=spf1 -all|spf2.0/pra +all, PASS",
    })
    void picksTheRecordOfItsScope(String records, State state) {
        dns.empty("example.com");
        for (String record : records.replace(';', ',').split("\\|", -1)) {
            dns.txt("example.com", record);
        }
        assertThat(checkMessage(SenderIdOptions.DEFAULT, "From: user@example.com").state()).isEqualTo(state);
    }

    @Test
    void checksTheReversePathByRecordsOfItsOwnScope() {
        dns.txt("example.com", "spf2.0/mfrom -all").txt("example.com", "spf2.0/pra +all").txt("example.com", "v=spf1 ~all");
        SenderIdResult result = checker(SenderIdOptions.DEFAULT).checkMailFrom(request("user@example.com"), messageDns()).join();
        assertThat(result.state()).isEqualTo(State.FAIL);
        assertThat(result.scope()).isEqualTo(SenderIdScope.MAIL_FROM);
        assertThat(result.methodResult().properties()).singleElement()
                .hasToString("Property[type=smtp, name=mailfrom, value=user@example.com]");
    }

    @Test
    void doesNotJudgeBySpfRecordsWhereTheyAreRefused() {
        dns.txt("example.com", "v=spf1 -all");
        assertThat(checkMessage(WITHOUT_SPF1, "From: user@example.com").state()).isEqualTo(State.NONE);
    }

    @Test
    void picksIncludedAndRedirectedRecordsByTheSameScope() {
        dns.txt("example.com", "spf2.0/pra include:a.example redirect=b.example")
                .txt("a.example", "spf2.0/mfrom ip4:192.0.2.3").txt("a.example", "spf2.0/pra ip4:198.51.100.1 -all")
                .txt("b.example", "spf2.0/mfrom +all").txt("b.example", "v=spf1 ~all");
        assertThat(checkMessage(SenderIdOptions.DEFAULT, "From: user@example.com").state()).isEqualTo(State.SOFTFAIL);
        assertThat(checkMessage(WITHOUT_SPF1, "From: user@example.com").state()).isEqualTo(State.PERMERROR);
    }

    @Test
    void failsADomainThatDoesNotExist() {
        SenderIdResult result = checkMessage(SenderIdOptions.DEFAULT, "From: user@gone.example");
        assertThat(result.state()).isEqualTo(State.FAIL);
        assertThat(result.reason()).isEqualTo("gone.example does not exist");
    }

    @ParameterizedTest
    @CsvSource({
        // RFC 4406 §4.3 speaks of check_host(), which is what include and redirect call.
        "spf2.0/pra include:gone.example ~all, SOFTFAIL",
        "spf2.0/pra redirect=gone.example, FAIL",
        "spf2.0/pra include:silent.example ~all, PERMERROR",
        "spf2.0/pra redirect=silent.example, PERMERROR",
    })
    void failsAnIncludedDomainThatDoesNotExistToo(String record, State state) {
        dns.txt("example.com", record).empty("silent.example");
        assertThat(checkMessage(SenderIdOptions.DEFAULT, "From: user@example.com").state()).isEqualTo(state);
    }

    @Test
    void hasNoResultForAReversePathWhoseDomainDoesNotExist() {
        SenderIdResult result = checker(SenderIdOptions.DEFAULT).checkMailFrom(request("user@gone.example"), messageDns()).join();
        assertThat(result.state()).isEqualTo(State.NONE);
    }

    @Test
    void isATemperrorWhereTheDnsFails() {
        dns.failing("example.com", RecordType.TXT, "SERVFAIL");
        assertThat(checkMessage(SenderIdOptions.DEFAULT, "From: user@example.com").state()).isEqualTo(State.TEMPERROR);
    }

    @Test
    void saysWhoWasCheckedAndWhichFieldNamedHim() {
        dns.txt("example.com", "spf2.0/pra exists:%{l}.%{o} -all").address("list.example.com", "127.0.0.2");
        SenderIdResult result = checkMessage(SenderIdOptions.DEFAULT, "Sender: A List <list@example.com>|From: user@example.org");
        assertThat(result).isEqualTo(new SenderIdResult(SenderIdScope.PRA, State.PASS, "list@example.com", "sender",
                DomainName.of("example.com"), "exists:%{l}.%{o} in the record of example.com"));
        assertThat(result.methodResult().method()).isEqualTo("sender-id");
        assertThat(result.methodResult().properties()).singleElement()
                .hasToString("Property[type=header, name=sender, value=list@example.com]");
    }

    @Test
    void isAPermerrorWithoutAnyAddressForAnIllFormedMessage() {
        SenderIdResult result = checkMessage(SenderIdOptions.DEFAULT, "From: a@example.com, b@example.com");
        assertThat(result.state()).isEqualTo(State.PERMERROR);
        assertThat(result.sender()).isNull();
        assertThat(result.domain()).isNull();
        assertThat(result.methodResult().properties()).isEmpty();
        assertThat(dns.asked()).isEmpty();
    }

    private SenderIdResult checkMessage(SenderIdOptions options, String fields) {
        return checker(options)
                .checkMessage(request("bounce@example.net"), PurportedResponsibleAddressTest.header(fields), messageDns())
                .join();
    }

    private static SenderIdChecker checker(SenderIdOptions options) {
        return new SenderIdChecker(options, Runnable::run, InstantSource.system());
    }

    private MessageDns messageDns() {
        return new MessageDns(dns, 100, Duration.ofSeconds(20));
    }

    private static SpfRequest request(String mailFrom) {
        try {
            return new SpfRequest(InetAddress.getByName("192.0.2.3"), "mail.example.org", mailFrom);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
