// SPDX-License-Identifier: Apache-2.0
package dev.signet.arc;

import dev.signet.dkim.SignatureTags;
import dev.signet.dns.DomainName;
import dev.signet.keys.KeyType;
import dev.signet.message.HeaderCanonicalizer;
import dev.signet.message.HeaderField;
import dev.signet.message.TagList;

/** What both signatures of a set have (RFC 8617 §4.1.2, §4.1.3). */
@SuppressWarnings("ArrayRecordComponent") // Never compared, never handed out of this package.
record ArcSignature(
        HeaderField field, TagList tags, KeyType algorithm, DomainName domain, String selector, DomainName keyName, byte[] value) {

    static ArcSignature parse(HeaderField field, TagList list) throws SignatureTags.Refused {
        SignatureTags tags = new SignatureTags(list);
        // t= decides nothing, but must be a time where it stands.
        tags.created();
        DomainName domain = tags.domain();
        return new ArcSignature(field, list, tags.algorithm(), domain, tags.selector(), tags.keyName(domain), tags.signature());
    }

    /** Adds the field as it was when it was being signed. */
    HeaderCanonicalizer addTo(HeaderCanonicalizer signed) {
        return signed.addSignature(field, tags);
    }
}
