// SPDX-License-Identifier: Apache-2.0
package dev.signet.arc;

import dev.signet.dkim.SignatureTags;
import dev.signet.message.Canonicalization;
import dev.signet.message.HeaderField;
import dev.signet.message.TagList;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * An ARC-Message-Signature: a DKIM signature with other rules for {@code v=}, which means nothing here, and {@code i=}, which is
 * the instance (RFC 8617 §4.1.2).
 *
 * @param expires {@code x=}; null where it never expires
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, never handed out of this package.
record ArcMessageSignature(
        ArcSignature signature,
        Canonicalization headerForm,
        Canonicalization bodyForm,
        List<String> signedHeaders,
        byte[] bodyHash,
        @Nullable Instant expires) {

    static final String FIELD = "ARC-Message-Signature";

    static ArcMessageSignature parse(HeaderField field, TagList list) throws SignatureTags.Refused {
        SignatureTags tags = new SignatureTags(list);
        tags.requireDnsQuery();
        // No sealer writes l=. A signature that leaves the end of the body open would vouch for whatever others append to it.
        if (list.get("l") != null) {
            throw new SignatureTags.Refused("l= leaves the end of the body unsigned");
        }
        // DKIM does not take an empty h=, nor an empty name in it. Here it is the signer's loss, and the chain holds.
        List<String> signedHeaders = tags.signedHeaders().stream().filter(name -> !name.isEmpty()).toList();
        // §4.1.2 forbids sealers to cover any ARC field. What covers a seal does not survive the next one: nobody could have
        // meant it. The others are let through, as other validators do.
        if (signedHeaders.stream().anyMatch(ArcSeal.FIELD::equalsIgnoreCase)) {
            throw new SignatureTags.Refused("h= covers ARC-Seal");
        }
        // DKIM's default would be simple. The suite and dkimpy take relaxed, the only form that sealers use.
        return new ArcMessageSignature(
                ArcSignature.parse(field, list),
                tags.headerForm(Canonicalization.RELAXED),
                tags.bodyForm(Canonicalization.RELAXED),
                signedHeaders,
                tags.bodyHash(),
                tags.expires());
    }

    boolean covers(String name) {
        return signedHeaders.stream().anyMatch(name::equalsIgnoreCase);
    }
}
