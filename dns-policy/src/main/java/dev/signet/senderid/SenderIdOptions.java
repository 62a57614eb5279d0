// SPDX-License-Identifier: Apache-2.0
package dev.signet.senderid;

import dev.signet.spf.SpfOptions;

/**
 * How Sender ID is checked.
 *
 * @param spf1StandsIn whether a {@code v=spf1} record counts where no {@code spf2.0} record covers the scope, as RFC 4406 §3.4
 *     has it; without it, nobody is judged by a record that was not published for this purpose
 * @param spf limits of the evaluation
 */
public record SenderIdOptions(boolean spf1StandsIn, SpfOptions spf) {

    /** By the letter of RFC 4406. */
    public static final SenderIdOptions DEFAULT = new SenderIdOptions(true, SpfOptions.DEFAULT);
}
