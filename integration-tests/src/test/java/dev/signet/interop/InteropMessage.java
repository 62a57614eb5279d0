// SPDX-License-Identifier: Apache-2.0
package dev.signet.interop;

/** Where implementations are known to differ: at the edges of a body and in odd header fields. */
enum InteropMessage {
    PLAIN("Subject: hello\r\n", "Hello.\r\n"),
    EMPTY_BODY("Subject: empty\r\n", ""),
    BODY_OF_EMPTY_LINES("Subject: lines\r\n", "\r\n\r\n\r\n"),
    NO_FINAL_NEWLINE("Subject: abrupt\r\n", "First.\r\nNo end of line"),
    TRAILING_BLANK_LINES("Subject: tail\r\n", "Text.\r\n\r\n\r\n\r\n"),
    WHITE_SPACE_IN_BODY("Subject: space\r\n", "  two  spaces, \t tab \r\nend \r\n \r\n\t\r\n"),
    FOLDED_HEADER("Subject: a long\r\n\tsubject  that is \r\n folded  \r\nX-Empty:\r\nX-Blank:   \r\n", "Hello.\r\n"),
    ODD_HEADER("SUBJECT:no space\r\nsUBJECT: twice\r\nX-Colon: a: b::c\r\n", "Hello.\r\n"),
    EIGHT_BIT_HEADER("Subject: Gr\u00C3\u00BC\u00C3\u009Fe aus K\u00C3\u00B6ln\r\n", "Hello.\r\n"),
    EIGHT_BIT_BODY("Subject: body\r\nContent-Transfer-Encoding: 8bit\r\n", "Gr\u00C3\u00BC\u00C3\u009Fe \u00E9\u00FF\r\n"),
    DOTS("Subject: dots\r\n", ".\r\n..\r\n.x\r\n");

    private final String message;

    InteropMessage(String header, String body) {
        this.message = "From: A Person <a@sender.example>\r\nTo: b@receiver.example\r\nDate: Mon, 23 Nov 2026 12:00:00 +0000\r\n"
                + "Message-ID: <1@sender.example>\r\n" + header + "\r\n" + body;
    }

    /** Its bytes, one char each. */
    String message() {
        return message;
    }
}
