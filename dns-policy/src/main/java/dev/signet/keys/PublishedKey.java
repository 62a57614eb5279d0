// SPDX-License-Identifier: Apache-2.0
package dev.signet.keys;

import dev.signet.message.TagList;
import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Optional;

/**
 * A key record that can be used (RFC 6376 §3.6.1).
 *
 * @param testing {@code t=y}: the domain is testing DKIM
 * @param strictIdentity {@code t=s}: the domain of {@code i=} must be {@code d=}, not below
 */
public record PublishedKey(VerificationKey publicKey, boolean testing, boolean strictIdentity) {

    /** One TXT record is a key of at most this size; RSA of 8192 bits in base64 takes 1,400. */
    private static final int MAX_RECORD = 8 * 1024;

    public KeyType algorithm() {
        return publicKey.algorithm();
    }

    /** The size that is spoken of: of the modulus, or 256. */
    public int bits() {
        return publicKey.bits();
    }

    /** @param octets one TXT record, one char per octet */
    static KeyAnswer parse(String octets) {
        if (octets.length() > MAX_RECORD) {
            return new KeyAnswer.NotChecked("not checked: the key record is longer than 8 KB");
        }
        return switch (TagList.parse(octets)) {
            case TagList.Parse.Malformed(String reason) -> broken("the key record has a syntax error: " + reason);
            case TagList.Parse.Sound(TagList tags) -> read(tags);
        };
    }

    private static KeyAnswer read(TagList tags) {
        // RFC 6376 §3.6.1, v=: where it is there it is DKIM1, and the first tag of the record.
        String version = tags.get("v");
        if (version != null && !(version.equals("DKIM1") && tags.all().getFirst().name().equals("v"))) {
            return broken("the key record is not a DKIM1 record");
        }
        // h=: "acceptable hash algorithms"; all of our signatures use SHA-256.
        if (!lists(tags.get("h"), "sha256")) {
            return broken("the key record does not allow SHA-256");
        }
        // s=: service types; what is not email is not ours.
        if (!lists(tags.get("s"), "email")) {
            return broken("the key is not for email");
        }
        TagList.Tag p = tags.tag("p");
        if (p == null) {
            return broken("the key record has no p=");
        }
        if (p.value().isEmpty()) {
            return new KeyAnswer.Revoked();
        }
        Optional<byte[]> bytes = base64(p);
        if (bytes.isEmpty()) {
            return broken("the key record's p= is not base64");
        }
        String type = tags.get("k") == null ? "rsa" : tags.get("k");
        Optional<VerificationKey> key = VerificationKey.decode(type, bytes.get());
        if (key.isEmpty()) {
            return broken("the key record holds no " + (type.equals("ed25519") ? "Ed25519" : "RSA") + " key");
        }
        return new KeyAnswer.Usable(new PublishedKey(key.get(), has(tags.get("t"), "y"), has(tags.get("t"), "s")));
    }

    private static KeyAnswer broken(String reason) {
        return new KeyAnswer.Unusable(reason);
    }

    /** Whether a colon-separated list names {@code wanted} or everything; a missing list does. */
    private static boolean lists(@Nullable String list, String wanted) {
        return list == null || has(list, wanted) || has(list, "*");
    }

    private static boolean has(@Nullable String list, String wanted) {
        return list != null && Arrays.stream(list.split(":", -1)).anyMatch(item -> item.strip().equalsIgnoreCase(wanted));
    }

    private static Optional<byte[]> base64(TagList.Tag tag) {
        try {
            return Optional.of(tag.base64());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
