// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets.list;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import jakarta.mail.BodyPart;
import jakarta.mail.Session;
import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.internet.MimeUtility;
import jakarta.mail.util.ByteArrayDataSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Random;
import java.util.stream.Stream;

/** Results are read once more by Jakarta Mail, which knows nothing of how they were made. */
class FooterTest {

    private static final String ASCII = "_____\ntalk mailing list\n";
    private static final String GERMAN = "_____\nGr\u00FC\u00DFe von talk\n";
    private static final String BOUNDARY = "0123456789";

    private static final String MIXED = """
            From: ann@member.example\r
            MIME-Version: 1.0\r
            Content-Type: multipart/mixed; boundary="b 1"\r
            \r
            preamble\r
            --b 1\r
            Content-Type: text/plain; charset=utf-8\r
            Content-Transfer-Encoding: 8bit\r
            \r
            caf\u00C3\u00A9\r
            --b 1 \t\r
            Content-Type: multipart/alternative; boundary="b 11"\r
            \r
            --b 11\r
            \r
            one\r
            --b 11--\r
            --b 1--\r
            epilogue\r
            """;

    private static final String PART = """
            --x\r
            Content-Type: text/plain; charset=us-ascii\r
            Content-Transfer-Encoding: 7bit\r
            Content-Disposition: inline\r
            \r
            _____\r
            talk mailing list\r
            """;

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "''|Are you hungry?\\r\\n",
        "Content-Type: text/plain|Are you hungry?\\r\\n",
        "Content-Type: TEXT/Plain; Charset=\"UTF-8\"|Are you hungry?",
        "Content-Type: text/plain; charset=utf-8\\r\\nContent-Transfer-Encoding: 8bit|caf\u00C3\u00A9\\r\\n",
        "Content-Type: text/plain; charset=iso-8859-1\\r\\nContent-Transfer-Encoding: 8BIT|caf\u00E9\\r\\n",
        "Content-Type: text/plain; charset=iso-8859-1\\r\\nContent-Transfer-Encoding: quoted-printable|caf=E9\\r\\n",
        "Content-Disposition: inline|Are you hungry?\\r\\n",
    })
    void isAppendedToPlainText(String fields, String body) throws Exception {
        String message = message(lines(fields), lines(body));

        String posted = posted(ASCII, message);

        assertThat(posted).isEqualTo(message + (body.endsWith("\\r\\n") ? "" : "\r\n") + "_____\r\ntalk mailing list\r\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "utf-8|8bit|caf\u00C3\u00A9\\r\\n",
        "utf-8|quoted-printable|caf=C3=A9\\r\\n",
        "iso-8859-1|8bit|caf\u00E9\\r\\n",
        "iso-8859-1|quoted-printable|caf=E9\\r\\n",
        "windows-1252|binary|caf\u00E9\\r\\n",
        // A soft line break at the end counts for nothing any more, and neither does half of one.
        "utf-8|quoted-printable|caf=C3=A9=\\r\\n",
        "utf-8|quoted-printable|caf=C3=A9=",
    })
    void speaksTheTextsOwnCharsetAndTransferEncoding(String charset, String encoding, String body) throws Exception {
        String message = message("Content-Type: text/plain; charset=" + charset + "\r\nContent-Transfer-Encoding: " + encoding, lines(body));

        String posted = posted(GERMAN, message);

        assertThat(posted).startsWith(message);
        assertThat(text(parse(posted))).isEqualTo("caf\u00E9\r\n_____\r\nGr\u00FC\u00DFe von talk\r\n");
    }

    @Test
    void beginsALineBehindASoftLineBreakThatSpacesFollow() throws Exception {
        String message = message("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable", "cafe= \r\n");

        assertThat(posted(ASCII, message)).isEqualTo(message + "\r\n_____\r\ntalk mailing list\r\n");
    }

    @Test
    void ofFlowedTextIsNotJoinedWithTheTextOrQuoted() throws Exception {
        String message = message("Content-Type: text/plain; format=flowed", "a line that goes on \r\n");

        assertThat(posted("> not a quotation\nFrom us\n stuffed\n", message))
                .isEqualTo(message + "\r\n > not a quotation\r\n From us\r\n  stuffed\r\n");
    }

    static Stream<String> contentThatTakesNoText() {
        return Stream.of(
                message("Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit", "<p>caf\u00C3\u00A9</p>\r\n"),
                message("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64", "Y2Fmw6k=\r\n"),
                message("Content-Type: text/plain; charset=us-ascii", "cafe, in ASCII only\r\n"),
                message("Content-Type: text/plain; charset=utf-8", "cafe, in 7bit\r\n"),
                message("", "nothing said\r\n"),
                message("Content-Type: text/plain; charset=utf-16be\r\nContent-Transfer-Encoding: binary", "\0c\0a\0f\0\u00E9"),
                message("Content-Type: text/plain; charset=unheard-of\r\nContent-Transfer-Encoding: 8bit", "caf\u00E9"),
                message("Content-Type: text/plain; charset=\"no charset\"\r\nContent-Transfer-Encoding: 8bit", "caf\u00E9"),
                message("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: x-uuencode", "begin"),
                message("Content-Type: text/plain; name=a.txt\r\nContent-Disposition: attachment; filename=a.txt", "a file"),
                message("Content-Type: image/png; name=\"a.png\"\r\ncontent-id :  <1@a>\r\nContent-Transfer-Encoding: base64", "AAAA\r\n"),
                message("Content-Type: multipart/alternative;\r\n\tboundary=x", "--x\r\n\r\na\r\n--x\r\nContent-Type: text/html\r\n\r\nb\r\n--x--\r\n"),
                message("Content-Type: multipart/related; boundary=x", "no parts, no line end"),
                message("Content-Type: message/rfc822", "Subject: forwarded\r\n\r\nbody\r\n"));
    }

    @ParameterizedTest
    @MethodSource("contentThatTakesNoText")
    void standsBesideAnythingElseWhichKeepsItsBytes(String message) throws Exception {
        MimeMessage posted = parse(posted(GERMAN, message));

        assertThat(posted.getContentType()).isEqualTo("multipart/mixed; boundary=\"" + BOUNDARY + "\"");
        assertThat(posted.getHeader("MIME-Version")).hasSize(1);
        MimeMultipart parts = parts(posted);
        assertThat(parts.getCount()).isEqualTo(2);
        String body = message.substring(message.indexOf("\r\n\r\n") + 4);
        assertThat(raw(parts.getBodyPart(0))).isEqualTo(body);
        assertThat(Collections.list(((MimeBodyPart) parts.getBodyPart(0)).getAllHeaderLines()))
                .isEqualTo(contentFields(message));
        assertThat(text(parts.getBodyPart(1))).isEqualTo("_____\r\nGr\u00FC\u00DFe von talk");
        assertThat(parts.getBodyPart(1).getContentType()).isEqualTo("text/plain; charset=utf-8");
    }

    @ParameterizedTest
    @CsvSource({
        "8bit, caf\u00C3\u00A9, 8bit",
        "7bit, caf\u00C3\u00A9, 8bit",
        "8bit, cafe,",
        "binary, cafe, binary",
        "base64, Y2FmZQ==,",
        "quoted-printable, cafe,",
    })
    void theMultipartSaysHowWideItsPartsAre(String encoding, String body, String outer) throws Exception {
        String posted = posted(ASCII, message("Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: " + encoding, body));

        assertThat(parse(posted).getEncoding()).isEqualTo(outer);
    }

    @Test
    void isOnePartMoreOfWhatHasParts() throws Exception {
        String posted = posted(GERMAN, MIXED);

        String part = """
                --b 1\r
                Content-Type: text/plain; charset=utf-8\r
                Content-Transfer-Encoding: quoted-printable\r
                Content-Disposition: inline\r
                \r
                _____\r
                Gr=C3=BC=C3=9Fe von talk\r
                """;
        assertThat(posted).isEqualTo(MIXED.replace("--b 1--\r\n", part + "--b 1--\r\n"));
        MimeMultipart parts = parts(parse(posted));
        assertThat(parts.getCount()).isEqualTo(3);
        assertThat(text(parts.getBodyPart(2))).isEqualTo("_____\r\nGr\u00FC\u00DFe von talk");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--b 1--\r\nepilogue\r\n", "\r\n--b 1--\r\nepilogue\r\n", "--\r\nepilogue\r\n"})
    void closesWhatNobodyClosed(String cut) throws Exception {
        String message = MIXED.replace(cut, "");

        String posted = posted(ASCII, message);

        assertThat(posted).startsWith(message).endsWith("talk mailing list\r\n--b 1--\r\n");
        MimeMultipart parts = parts(parse(posted));
        assertThat(text(parts.getBodyPart(parts.getCount() - 1))).isEqualTo("_____\r\ntalk mailing list");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "Content-Type: multipart/signed; protocol=\"application/pgp-signature\"; micalg=pgp-sha256; boundary=x",
        "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; boundary=x",
        "Content-Type: Multipart/Encrypted; protocol=\"application/pgp-encrypted\"; boundary=x",
        "Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\nContent-Transfer-Encoding: base64",
        "Content-Type: application/x-pkcs7-mime; smime-type=enveloped-data",
        "Content-Type: application/pgp; x-action=sign",
        "Content-Type: message/partial; id=1; number=1",
        // What two readers could read differently.
        "Content-Type: text/plain\r\nContent-Type: multipart/signed; boundary=x",
        "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\nContent-Transfer-Encoding: 7bit",
        "Content-Type: text",
        "Content-Type: =?utf-8?Q?text/plain?=",
        "Content-Type: multipart/mixed",
        "Content-Type: multipart/mixed; boundary=y",
        "Content-Type: multipart/mixed; boundary=\"\"",
    })
    void leavesAlone(String fields) throws Exception {
        String message = message(fields, "--x\r\n\r\nsigned\r\n--x\r\nContent-Type: application/pgp-signature\r\n\r\nAAAA\r\n--x--\r\n");

        assertThat(posted(ASCII, message)).isEqualTo(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA256\r\n", "=2D----BEGIN PGP MESSAGE-----\r\n"})
    void leavesInlinePgpAlone(String begin) throws Exception {
        String message = message("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable", "hello\r\n" + begin);

        assertThat(posted(GERMAN, message)).isEqualTo(message);
    }

    @Test
    void aSignedPartBesideOthersKeepsItsBytes() throws Exception {
        String signed = "Content-Type: multipart/signed; boundary=s\r\n\r\n--s\r\n\r\ntext\r\n--s\r\n\r\nAAAA\r\n--s--\r\n";
        String message = message("Content-Type: multipart/mixed; boundary=x", "--x\r\n" + signed + "\r\n--x--\r\n");

        assertThat(posted(ASCII, message)).contains("--x\r\n" + signed + "\r\n--x\r\n").endsWith("talk mailing list\r\n--x--\r\n");
    }

    @Test
    void aMessageWithoutAnEmptyLineHasNoPlaceForIt() throws Exception {
        String message = "From: ann@member.example\r\nContent-Type: text/html\r\n";

        assertThat(posted(ASCII, message)).isEqualTo(message);
    }

    @Test
    void aBoundaryThatIsTooLongIsNone() throws Exception {
        String boundary = "x".repeat(100_000);
        String message = message("Content-Type: multipart/mixed; boundary=" + boundary, "--" + boundary + "\r\n\r\n--" + boundary + "--\r\n");

        assertThat(posted(ASCII, message)).isEqualTo(message);
    }

    /** Whatever the pieces, nothing is lost of the body, and the second time changes no more than the first. */
    @Test
    void noByteOfTheBodyIsEverLost() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String[] pieces = {"--x\r\n", "--x--\r\n", "--x", "\r\n", "--", "=", "=\r\n", "\n", "\r", "\u00E9", "text", " ", "--x-- \r\n", "\0", "-----BEGIN"};
        String[] types = {"text/plain", "text/html", "multipart/mixed; boundary=x", "multipart/alternative; boundary=x"};
        for (int i = 0; i < 3000; i++) {
            StringBuilder body = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                body.append(pieces[random.nextInt(pieces.length)]);
            }
            String type = types[random.nextInt(types.length)];
            String message = message("Content-Type: " + type, body.toString());

            String posted = posted(ASCII, message);

            String newBody = posted.substring(posted.indexOf("\r\n\r\n") + 4);
            String footerless = newBody.replace(PART, "");
            assertThat(newBody.contains(body) || footerless.contentEquals(body)).as("seed %d, %s: %s", seed, type, body).isTrue();
        }
    }

    private static String posted(String footer, String message) throws IOException {
        MessageEdit edit = new Footer(footer, () -> BOUNDARY).edit(Messages.header(message), Messages.body(message));
        return Messages.apply(edit, message);
    }

    private static String message(String fields, String body) {
        return "From: ann@member.example\r\nSubject: dinner\r\n" + (fields.isEmpty() ? "" : fields + "\r\n") + "\r\n" + body;
    }

    private static MimeMessage parse(String message) throws Exception {
        return new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(Messages.bytes(message)));
    }

    private static MimeMultipart parts(MimeMessage message) throws Exception {
        return new MimeMultipart(new ByteArrayDataSource(message.getRawInputStream(), message.getContentType()));
    }

    private static String text(MimeMessage message) throws Exception {
        return text(message.getRawInputStream(), message.getEncoding(), message.getContentType());
    }

    private static String text(BodyPart part) throws Exception {
        return text(((MimeBodyPart) part).getRawInputStream(), ((MimeBodyPart) part).getEncoding(), part.getContentType());
    }

    private static String text(InputStream raw, String encoding, String type) throws Exception {
        String charset = MimeUtility.javaCharset(new ContentType(type).getParameter("charset"));
        return new String(MimeUtility.decode(raw, encoding).readAllBytes(), Charset.forName(charset));
    }

    private static String raw(BodyPart part) throws Exception {
        return new String(((MimeBodyPart) part).getRawInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    private static List<String> contentFields(String message) {
        return Messages.header(message).fields().stream()
                .map(Object::toString)
                .filter(field -> field.toLowerCase(Locale.ROOT).startsWith("content-"))
                .toList();
    }

    private static String lines(String text) {
        return text.replace("\\r\\n", "\r\n");
    }
}
