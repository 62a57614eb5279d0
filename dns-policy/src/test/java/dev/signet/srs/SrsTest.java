// SPDX-License-Identifier: Apache-2.0
package dev.signet.srs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.srs.SrsReverse.Cause;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

class SrsTest {

    private static final String SECRET = "a secret of sixteen or more";
    private static final String OTHER = "another secret of such a length";

    private Instant now = Instant.parse("2026-11-23T12:00:00Z");
    private SrsSecrets secrets = new SrsSecrets(List.of(SECRET));
    private final Srs srs = new Srs(() -> secrets, SrsOptions.DEFAULT, () -> now);

    /** What Mail::SRS 0.31 makes at that time with that secret. */
    @ParameterizedTest
    @CsvSource({
        "alice@sender.example, SRS0=meBa=JM=sender.example=alice",
        "Alice=X@Sender.Example, SRS0=H8GI=JM=Sender.Example=Alice=X",
        "SRS0=meBa=JM=sender.example=alice@first.example, SRS1=Bz2J=first.example==meBa=JM=sender.example=alice",
        "SRS1=Bz2J=first.example==meBa=JM=sender.example=alice@second.example, SRS1=Bz2J=first.example==meBa=JM=sender.example=alice",
        "SRS0+ab12=AA=x.example=y@other.example, SRS1=aXi1=other.example=+ab12=AA=x.example=y",
        "SRS1-ab12=h.example=+AA=BB=x.example=y@other.example, SRS1=VaYg=h.example=+AA=BB=x.example=y",
    })
    void writesWhatMailSrsWrites(String sender, String localPart) {
        assertThat(forward(sender)).isEqualTo(localPart + "@forward.example");
    }

    @ParameterizedTest
    @CsvSource({
        "SRS0=meBa=JM=sender.example=alice, alice@sender.example",
        "srs0=meba=jm=sender.example=alice, alice@sender.example",
        "SRS0+MEBA=JM=SENDER.EXAMPLE=ALICE, ALICE@SENDER.EXAMPLE",
        "SRS0-meBakyxFg6ZJNP0wYaEK=JM=sender.example=alice, alice@sender.example",
        "SRS1=Bz2J=first.example==meBa=JM=sender.example=alice, SRS0=meBa=JM=sender.example=alice@first.example",
        "SRS1=aXi1=other.example=+ab12=AA=x.example=y, SRS0+ab12=AA=x.example=y@other.example",
    })
    void readsWhatMailSrsWritesInAnyCaseAndWithAnySign(String localPart, String original) {
        assertThat(srs.reverse(localPart)).isEqualTo(new SrsReverse.Original(original));
    }

    @ParameterizedTest
    @CsvSource({
        "SRS0=meBa=JM=sender.example=alicf, FORGED",
        "SRS0=meBb=JM=sender.example=alice, FORGED",
        "SRS0=meBa=JN=sender.example=alice, FORGED",
        "SRS0=meBa=JM=other.example=alice, FORGED",
        "SRS0=meB=JM=sender.example=alice, FORGED",
        "SRS0==JM=sender.example=alice, FORGED",
        "SRS0=meBakyxFg6ZJNP0wYaEKmeBakyxFg6ZJNP0wYaEK=JM=sender.example=alice, FORGED",
        "SRS1=Bz2J=first.example==meBa=JM=sender.example=alicf, FORGED",
        "SRS1=Bz2J=other.example==meBa=JM=sender.example=alice, FORGED",
        "SRS1==other.example==meBa=JM=sender.example=alice, FORGED",
        "SRS0=meBa=JM=sender.example, MALFORMED",
        "SRS0=meBa=JM=sender.example=, MALFORMED",
        "SRS0=meBa=JM==alice, MALFORMED",
        "SRS0=, MALFORMED",
        "SRS1=Bz2J=first.example, MALFORMED",
        "SRS1=first.example==meBa=JM=sender.example=alice, MALFORMED",
        "SRS1=Bz2J===meBa=JM=sender.example=alice, MALFORMED",
    })
    void refusesWhatItDidNotWrite(String localPart, Cause cause) {
        assertThat(srs.reverse(localPart)).isInstanceOfSatisfying(SrsReverse.Refused.class, refused -> assertThat(refused.cause()).isEqualTo(cause));
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice", "SRS0", "SRS1", "SRS2=a=b=c=d", "SRS0a=b=c=d=e", "xSRS0=a=b=c=d", "", "\"", "\"\""})
    void leavesOtherAddressesAlone(String localPart) {
        assertThat(srs.reverse(localPart)).isEqualTo(new SrsReverse.NotSrs());
    }

    @Test
    void holdsForAsManyDaysAsItIsMeantTo() {
        String address = localPart(forward("alice@sender.example"));
        now = now.plus(Duration.ofDays(21));
        assertThat(srs.reverse(address)).isEqualTo(new SrsReverse.Original("alice@sender.example"));
        now = now.plus(Duration.ofDays(1));
        assertThat(srs.reverse(address))
                .isEqualTo(new SrsReverse.Refused(Cause.EXPIRED, "an SRS address of more than 21 days ago"));
        now = now.plus(Duration.ofDays(1024 - 22));
        assertThat(srs.reverse(address)).as("the same day of the next cycle").isInstanceOf(SrsReverse.Original.class);
    }

    @Test
    void takesAnAddressOfTomorrowSinceClocksAreSetBackAndNoneOfTheDayAfter() {
        String address = localPart(forward("alice@sender.example"));
        now = now.minus(Duration.ofDays(1));
        assertThat(srs.reverse(address)).isEqualTo(new SrsReverse.Original("alice@sender.example"));
        now = now.minus(Duration.ofDays(1));
        assertThat(srs.reverse(address)).isInstanceOf(SrsReverse.Refused.class);
    }

    @Test
    void acceptsTheSecretsOfBeforeAndWritesWithTheFirst() {
        String old = localPart(forward("alice@sender.example"));
        secrets = new SrsSecrets(List.of(OTHER, SECRET));
        assertThat(srs.reverse(old)).isEqualTo(new SrsReverse.Original("alice@sender.example"));
        String rotated = localPart(forward("alice@sender.example"));
        secrets = new SrsSecrets(List.of(OTHER));
        assertThat(srs.reverse(rotated)).isEqualTo(new SrsReverse.Original("alice@sender.example"));
        assertThat(srs.reverse(old)).isInstanceOf(SrsReverse.Refused.class);
    }

    @Test
    void goesStraightFromTheLastForwarderToTheFirst() {
        String address = "alice@sender.example";
        for (int i = 1; i <= 5; i++) {
            address = rewritten(srs.forward(address, "forward" + i + ".example"));
        }
        assertThat(address).endsWith("@forward5.example").startsWith("SRS1=").contains("=forward1.example==").doesNotContain("forward2");
        String back = original(srs.reverse(localPart(address)));
        assertThat(back).endsWith("@forward1.example");
        assertThat(original(srs.reverse(localPart(back)))).isEqualTo("alice@sender.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"a b\"@sender.example", "\"a\\\"=@b\"@sender.example", "\"SRS0=x\"@sender.example", "SRS1=x@sender.example"})
    void quotedAndMisleadingLocalPartsComeBackAsTheyWere(String sender) {
        String address = rewritten(srs.forward(sender, "forward.example"));
        assertThat(address.startsWith("\"")).isEqualTo(sender.startsWith("\""));
        assertThat(original(srs.reverse(localPart(address)))).isEqualTo(sender);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "alice", "@sender.example", "alice@", "alice@[192.0.2.1]", "alice@[IPv6:2001:db8::1]", "alice@a=b.example", "a@.b", "a@b."})
    void leavesSendersWithoutADomainNameAlone(String sender) {
        assertThat(srs.forward(sender, "forward.example")).isEqualTo(new SrsForward.Unchanged("a sender without a domain name"));
    }

    @Test
    void writesLocalPartsOfMoreThan64OctetsButNoAddressOfMoreThan254() {
        assertThat(localPart(forward("x".repeat(64) + "@sender.example"))).hasSizeGreaterThan(64);
        int room = 254 - forward("x@sender.example").length();
        assertThat(forward("x".repeat(1 + room) + "@sender.example")).hasSize(254);
        assertThat(srs.forward("x".repeat(2 + room) + "@sender.example", "forward.example")).isInstanceOf(SrsForward.Unchanged.class);
    }

    /** As in all implementations: a change that would make what we write unreadable elsewhere, for nothing gained. */
    @Test
    void whereTheDomainEndsIsNotCovered() {
        assertThat(srs.reverse("SRS0=meBa=JM=sender.exampl=ealice")).isEqualTo(new SrsReverse.Original("ealice@sender.exampl"));
    }

    @Test
    void hashesAreAsLongAsTheOptionsSay() {
        Srs longer = new Srs(() -> secrets, new SrsOptions(21, 20), () -> now);
        assertThat(rewritten(longer.forward("alice@sender.example", "forward.example")))
                .isEqualTo("SRS0=meBakyxFg6ZJNP0wYaEK=JM=sender.example=alice@forward.example");
        assertThat(longer.reverse("SRS0=meBa=JM=sender.example=alice")).isInstanceOf(SrsReverse.Refused.class);
    }

    @Test
    void optionsHaveRanges() {
        assertThatThrownBy(() -> new SrsOptions(0, 4)).hasMessage("maxAge: found 0, expected 1 to 1023");
        assertThatThrownBy(() -> new SrsOptions(1024, 4)).hasMessage("maxAge: found 1024, expected 1 to 1023");
        assertThatThrownBy(() -> new SrsOptions(21, 3)).hasMessage("hashLength: found 3, expected 4 to 27");
        assertThatThrownBy(() -> new SrsOptions(21, 28)).hasMessage("hashLength: found 28, expected 4 to 27");
    }

    @Test
    void worksWhereTheDefaultLocaleHasALettersOfItsOwn() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr"));
            assertThat(srs.reverse(localPart(forward("INFO@SENDER.EXAMPLE")))).isEqualTo(new SrsReverse.Original("INFO@SENDER.EXAMPLE"));
        } finally {
            Locale.setDefault(before);
        }
    }

    private String forward(String sender) {
        return rewritten(srs.forward(sender, "forward.example"));
    }

    static String rewritten(SrsForward result) {
        return switch (result) {
            case SrsForward.Rewritten(String address) -> address;
            case SrsForward.Unchanged(String reason) -> throw new AssertionError(reason);
        };
    }

    static String original(SrsReverse result) {
        return switch (result) {
            case SrsReverse.Original(String address) -> address;
            case SrsReverse.NotSrs() -> throw new AssertionError("not SRS");
            case SrsReverse.Refused(Cause cause, String reason) -> throw new AssertionError(cause + " " + reason);
        };
    }

    static String localPart(String address) {
        return address.substring(0, address.lastIndexOf('@'));
    }
}
