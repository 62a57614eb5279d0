// SPDX-License-Identifier: Apache-2.0
package dev.signet.demo;

import dev.signet.james.Ports;
import dev.signet.scenario.World;

import java.io.IOException;
import java.io.PrintStream;

/** Leaves the reader alone with a running James. */
record Invitation(World world, PrintStream out) {

    /** Says where everything is and what to try, until Enter is pressed or the input ends. */
    void waitForEnter() throws IOException {
        Ports ports = world.ports();
        String user = world.user().address();
        out.println("""

                Everything keeps running, on loopback only, until you press Enter or Ctrl-C.

                  mail from outside   SMTP        127.0.0.1:%d
                  sending as a user   SMTP        127.0.0.1:%d   STARTTLS, then AUTH as %s / %s
                  reading             IMAP        127.0.0.1:%d   LOGIN %s %s
                  administration      HTTP        127.0.0.1:%d   WebAdmin of James
                  name server         UDP, TCP    127.0.0.1:%d   such as r._domainkey.news.example TXT
                  configuration       %s
                  log                 %s

                Try this: send yourself a message, and look for its Authentication-Results.

                  curl smtp://127.0.0.1:%d --mail-from you@example.org --mail-rcpt %s --upload-file message.eml
                  curl --user %s:%s 'imap://127.0.0.1:%d/INBOX;MAILINDEX=*'
                """.formatted(
                ports.mx(), ports.submission(), user, world.user().password(), ports.imap(), user, world.user().password(),
                ports.webAdmin(), world.dns().socketAddress().getPort(),
                world.james().install().directory().resolve("conf"), world.james().install().log(),
                ports.mx(), user, user, world.user().password(), ports.imap()));
        out.flush();
        int pressed = System.in.read();
        while (pressed >= 0 && pressed != '\n') {
            pressed = System.in.read();
        }
    }
}
