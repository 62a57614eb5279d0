// SPDX-License-Identifier: Apache-2.0
package dev.signet.arc;

import dev.signet.authres.ArcAuthenticationResults;
import dev.signet.dkim.SignatureTags;
import dev.signet.message.HeaderBlock;
import dev.signet.message.HeaderField;
import dev.signet.message.TagList;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Reads the ARC fields of one message (RFC 8617 §5.2, steps 1 to 3). The first thing that is wrong is kept as the reason; reading
 * goes on, because a sealer must know the highest instance and the newest seal also of a broken chain.
 */
final class ChainReader {

    private static final String RESULTS = "ARC-Authentication-Results";
    private static final int MAX_FIELD = 64 * 1024;

    private record Tagged(HeaderField field, TagList tags) {}

    private final HeaderBlock header;
    private final @Nullable HeaderField[] results = new HeaderField[ArcChain.MAX_SETS + 1];
    private final @Nullable Tagged[] messages = new Tagged[ArcChain.MAX_SETS + 1];
    private final @Nullable Tagged[] seals = new Tagged[ArcChain.MAX_SETS + 1];
    private int highest;
    private int newestSeal;
    private boolean newestSealSaysFail;
    private @Nullable String problem;

    ChainReader(HeaderBlock header) {
        this.header = header;
    }

    ArcChain.Parse read() {
        if (header.overLimit().isPresent()) {
            return new ArcChain.Parse.Broken(0, false, "not checked: " + header.overLimit().get());
        }
        List<HeaderField> allResults = header.all(RESULTS);
        List<HeaderField> allMessages = header.all(ArcMessageSignature.FIELD);
        List<HeaderField> allSeals = header.all(ArcSeal.FIELD);
        if (allResults.isEmpty() && allMessages.isEmpty() && allSeals.isEmpty()) {
            return new ArcChain.Parse.None();
        }
        capped(allResults, RESULTS).forEach(field -> place(results, field, resultsInstance(field), RESULTS));
        capped(allMessages, ArcMessageSignature.FIELD).forEach(this::placeMessage);
        capped(allSeals, ArcSeal.FIELD).forEach(this::placeSeal);
        // Step 2 goes before all others: a chain that was sealed as failed has failed, whatever else is wrong with it.
        if (newestSealSaysFail) {
            return new ArcChain.Parse.Broken(highest, true, "ARC-Seal of instance " + newestSeal + " says cv=fail");
        }
        List<ArcSet> sets = new ArrayList<>(highest);
        for (int i = 1; i <= highest && problem == null; i++) {
            addSet(i, sets);
        }
        return problem == null ? new ArcChain.Parse.Sound(new ArcChain(sets)) : new ArcChain.Parse.Broken(highest, false, problem);
    }

    /** More than a chain can have: the rest is not even looked at. */
    private List<HeaderField> capped(List<HeaderField> fields, String name) {
        if (fields.size() > ArcChain.MAX_SETS) {
            fail("more than " + ArcChain.MAX_SETS + " fields " + name);
        }
        return fields.subList(0, Math.min(fields.size(), ArcChain.MAX_SETS));
    }

    private OptionalInt resultsInstance(HeaderField field) {
        if (isTooLong(field, RESULTS)) {
            return OptionalInt.empty();
        }
        return ArcAuthenticationResults.instanceOf(field.body());
    }

    private void placeMessage(HeaderField field) {
        Tagged tagged = tagged(field, ArcMessageSignature.FIELD);
        if (tagged != null) {
            place(messages, tagged, instance(tagged.tags()), ArcMessageSignature.FIELD);
        }
    }

    private void placeSeal(HeaderField field) {
        Tagged tagged = tagged(field, ArcSeal.FIELD);
        if (tagged == null) {
            return;
        }
        OptionalInt instance = instance(tagged.tags());
        if (instance.isPresent() && instance.getAsInt() >= newestSeal) {
            boolean same = instance.getAsInt() == newestSeal;
            newestSealSaysFail = ArcSeal.saysFail(tagged.tags()) || (same && newestSealSaysFail);
            newestSeal = instance.getAsInt();
        }
        place(seals, tagged, instance, ArcSeal.FIELD);
    }

    private @Nullable Tagged tagged(HeaderField field, String name) {
        if (isTooLong(field, name)) {
            return null;
        }
        if (field.hasBareLineEnd()) {
            fail(name + " has a bare CR or LF");
            return null;
        }
        return switch (TagList.parse(field.body())) {
            case TagList.Parse.Sound(TagList tags) -> new Tagged(field, tags);
            case TagList.Parse.Malformed(String reason) -> {
                fail(name + " has a syntax error: " + reason);
                yield null;
            }
        };
    }

    private boolean isTooLong(HeaderField field, String name) {
        if (field.length() <= MAX_FIELD) {
            return false;
        }
        fail(name + " is longer than 64 KB");
        return true;
    }

    // §3.9: position = 1*2DIGIT ; 1 - 50
    private static OptionalInt instance(TagList tags) {
        String i = tags.get("i");
        if (i == null || i.isEmpty() || i.length() > 2 || !i.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return OptionalInt.empty();
        }
        int instance = Integer.parseInt(i);
        return instance < 1 || instance > ArcChain.MAX_SETS ? OptionalInt.empty() : OptionalInt.of(instance);
    }

    private <T> void place(@Nullable T[] places, T member, OptionalInt instance, String name) {
        if (instance.isEmpty()) {
            fail(name + " without an instance of 1 to " + ArcChain.MAX_SETS);
            return;
        }
        int i = instance.getAsInt();
        highest = Math.max(highest, i);
        if (places[i] != null) {
            fail("two fields " + name + " of instance " + i);
        }
        places[i] = member;
    }

    private void addSet(int instance, List<ArcSet> sets) {
        HeaderField result = results[instance];
        Tagged message = messages[instance];
        Tagged seal = seals[instance];
        if (result == null || message == null || seal == null) {
            String missing = result == null ? RESULTS : message == null ? ArcMessageSignature.FIELD : ArcSeal.FIELD;
            fail("no " + missing + " of instance " + instance);
            return;
        }
        String reading = ArcMessageSignature.FIELD;
        try {
            ArcMessageSignature signature = ArcMessageSignature.parse(message.field(), message.tags());
            reading = ArcSeal.FIELD;
            ArcSeal sound = ArcSeal.parse(seal.field(), seal.tags());
            // Step 3.3: "For ARC Sets with instance values > 1, the values MUST be "pass". For the ARC Set with instance value = 1,
            // the value MUST be "none"."
            ArcState expected = instance == 1 ? ArcState.NONE : ArcState.PASS;
            if (sound.chainStatus() != expected) {
                fail("ARC-Seal of instance " + instance + " has cv=" + sound.chainStatus() + ", which must be " + expected);
            }
            sets.add(new ArcSet(instance, result, signature, sound));
        } catch (SignatureTags.Refused refused) {
            fail(reading + " of instance " + instance + ": " + refused.getMessage());
        }
    }

    private void fail(String reason) {
        if (problem == null) {
            problem = reason;
        }
    }
}
