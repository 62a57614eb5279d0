// SPDX-License-Identifier: Apache-2.0
package dev.signet.arc;

import dev.signet.dkim.SignatureTags;
import dev.signet.message.HeaderField;
import dev.signet.message.TagList;

/**
 * An ARC-Seal (RFC 8617 §4.1.3).
 *
 * @param chainStatus {@code cv=}: none, pass or fail
 */
record ArcSeal(ArcSignature signature, ArcState chainStatus) {

    static final String FIELD = "ARC-Seal";

    static ArcSeal parse(HeaderField field, TagList list) throws SignatureTags.Refused {
        SignatureTags tags = new SignatureTags(list);
        // §4.1.3: "the DKIM "h" tag is NOT allowed and if found, MUST result in a cv status of "fail"".
        if (list.get("h") != null) {
            throw new SignatureTags.Refused("it has h=, which is not allowed");
        }
        return new ArcSeal(ArcSignature.parse(field, list), chainStatus(tags.required("cv")));
    }

    /** Whether a seal that may be broken otherwise says that the chain has failed. */
    static boolean saysFail(TagList tags) {
        return ArcState.FAIL.toString().equalsIgnoreCase(tags.get("cv"));
    }

    // §3.9: chain-status = ("none" / "fail" / "pass"), which ABNF takes in any case.
    private static ArcState chainStatus(String cv) throws SignatureTags.Refused {
        for (ArcState state : new ArcState[] {ArcState.NONE, ArcState.PASS, ArcState.FAIL}) {
            if (state.toString().equalsIgnoreCase(cv)) {
                return state;
            }
        }
        throw new SignatureTags.Refused("cv= is neither none, pass nor fail");
    }
}
