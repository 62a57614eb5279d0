// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets.list;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import jakarta.mail.internet.MimeUtility;

import java.io.IOException;

class SubjectPrefixTest {

    private static final String LONG = "a subject that is so long that it fills a whole line of the header by itself";

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, value = {
        " dinner|Subject: [talk] dinner",
        "dinner |Subject: [talk] dinner ",
        "  two  spaces|Subject: [talk] two  spaces",
        " Re: dinner|Subject: [talk] Re: dinner",
        " =?utf-8?Q?caf=C3=A9?=|Subject: [talk] =?utf-8?Q?caf=C3=A9?=",
        " =?utf-8?Q?broken|Subject: [talk] =?utf-8?Q?broken",
        " talk|Subject: [talk] talk",
        " raw \u00C3\u00A9|Subject: [talk] raw \u00C3\u00A9",
        "|Subject: [talk]",
        " |Subject: [talk]",
        " a\\r\\n b|Subject: [talk] a\\r\\n b",
        " " + LONG + "|Subject: [talk]\\r\\n " + LONG,
    })
    void standsInFrontOfWhatTheAuthorWrote(String subject, String expected) throws IOException {
        String body = subject == null ? "" : subject;
        assertThat(posted("[talk]", "Subject:" + lines(body))).isEqualTo(lines(expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "[talk] dinner",
        "Re: [talk] dinner",
        "AW: Re: [TALK] dinner",
        "Fwd: [talk]\\r\\n dinner",
        "=?utf-8?Q?Re:_[talk]_caf=C3=A9?=",
        "=?utf-8?B?UmU6IFt0YWxrXSBjYWbDqQ==?=",
        "=?utf-8?Q?Re:_[ta?= =?utf-8?Q?lk]_caf=C3=A9?=",
        "=?utf-8?Q?Re:_[ta?=\\r\\n =?utf-8?Q?lk]_caf=C3=A9?=",
    })
    void isNotDoubledOnReplies(String subject) throws IOException {
        assertThat(posted("[talk]", "Subject: " + lines(subject))).isEqualTo("Subject: " + lines(subject));
    }

    @Test
    void ofSeveralWordsIsFoundWhereverItIsFolded() throws IOException {
        assertThat(posted("[the talk]", "Subject: Re: [the\r\n talk] dinner")).isEqualTo("Subject: Re: [the\r\n talk] dinner");
    }

    @Test
    void thatIsNotAsciiIsAnEncodedWordAndKeepsItsSpace() throws Exception {
        for (String subject : new String[] {"dinner", "=?utf-8?Q?caf=C3=A9?="}) {
            String field = posted("[l\u00F6ffel]", "Subject: " + subject);

            assertThat(field).isASCII().endsWith(" " + subject);
            assertThat(MimeUtility.decodeText(field.substring(9)))
                    .isEqualTo("[l\u00F6ffel] " + MimeUtility.decodeText(subject));
            assertThat(posted("[l\u00F6ffel]", field)).isEqualTo(field);
        }
    }

    @Test
    void isTheSubjectWhereThereIsNone() throws IOException {
        assertThat(Messages.apply(new SubjectPrefix("[talk]").edit(Messages.header("From: a@b\r\n\r\n")), "From: a@b\r\n\r\n"))
                .isEqualTo("Subject: [talk]\r\nFrom: a@b\r\n\r\n");
    }

    @Test
    void everySubjectOfSeveralHasIt() throws IOException {
        assertThat(posted("[talk]", "Subject: one\r\nSUBJECT: Re: [talk] two"))
                .isEqualTo("Subject: [talk] one\r\nSUBJECT: Re: [talk] two");
    }

    @Test
    void aGiantSubjectIsNotDecoded() throws IOException {
        String giant = "=?utf-8?Q?a?= ".repeat(60_000);
        assertThat(posted("[talk]", "Subject: " + giant)).isEqualTo("Subject: [talk]\r\n " + giant);
    }

    private static String posted(String prefix, String field) throws IOException {
        String message = field + "\r\n\r\nbody";
        String posted = Messages.apply(new SubjectPrefix(prefix).edit(Messages.header(message)), message);
        assertThat(posted).endsWith("\r\n\r\nbody");
        return posted.substring(0, posted.length() - "\r\n\r\nbody".length());
    }

    private static String lines(String text) {
        return text.replace("\\r\\n", "\r\n");
    }
}
