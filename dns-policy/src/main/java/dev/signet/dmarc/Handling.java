// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import java.util.List;

/**
 * What was asked for and what is done.
 *
 * @param requested what the owner of the author domain asks for
 * @param disposition what this receiver does
 * @param overrides why they differ, in the order of the decisions; empty where they do not
 * @param sampled false where a lot drawn for pct or for this receiver's own share let the message off
 */
public record Handling(Disposition requested, Disposition disposition, List<OverrideReason> overrides, boolean sampled) {

    /** Nothing asked for, nothing done. */
    public static final Handling NONE = new Handling(Disposition.NONE, Disposition.NONE, List.of(), true);

    public Handling {
        overrides = List.copyOf(overrides);
    }
}
