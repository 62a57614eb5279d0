// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import dev.signet.dkim.DkimState;
import dev.signet.dmarc.AlignmentMode;
import dev.signet.dmarc.DiscoveryMethod;
import dev.signet.dmarc.Disposition;
import dev.signet.dmarc.OverrideReason;
import dev.signet.spf.SpfIdentity;
import dev.signet.spf.SpfResult;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** The words in a report of others, and what people write instead. Each liberty taken is told to {@code repaired}. */
record ReportWords(Consumer<String> repaired) {

    Disposition policy(String text, String name, Disposition fallback) {
        Optional<Disposition> known = constant(Disposition.values(), text);
        if (known.isEmpty()) {
            odd(name, text, fallback.word());
        }
        return known.orElse(fallback);
    }

    /** Of a tag that need not be there. */
    Disposition policyOr(String text, String name, Disposition fallback) {
        return text.isEmpty() ? fallback : policy(text, name, fallback);
    }

    ActionTaken action(String text) throws Unusable {
        Optional<ActionTaken> known = constant(ActionTaken.values(), text);
        if (known.isEmpty() && !text.isEmpty()) {
            String shown = text.length() > 60 ? text.substring(0, 60) + "..." : text;
            throw new Unusable(
                    ReadReport.Reason.BAD_VALUE, "disposition: found \"" + shown + "\", expected none, pass, quarantine or reject");
        }
        if (known.isEmpty()) {
            odd("disposition", text, "none");
        }
        return known.orElse(ActionTaken.NONE);
    }

    boolean passed(String text, String name) {
        String word = lower(text);
        if (!word.equals("pass") && !word.equals("fail")) {
            // Some write what DKIM or SPF said by itself: none, neutral, softfail. None of these is an aligned pass.
            odd(name + " in policy_evaluated", text, "fail");
        }
        return word.equals("pass");
    }

    AlignmentMode alignment(String text, String name) {
        return switch (lower(text)) {
            case "r", "relaxed", "" -> AlignmentMode.RELAXED;
            case "s", "strict" -> AlignmentMode.STRICT;
            default -> {
                odd(name, text, "r");
                yield AlignmentMode.RELAXED;
            }
        };
    }

    Optional<DiscoveryMethod> discovery(String text) {
        Optional<DiscoveryMethod> known = constant(DiscoveryMethod.values(), text);
        if (known.isEmpty() && !text.isEmpty()) {
            odd("discovery_method", text, "unknown");
        }
        return known;
    }

    boolean testing(String text) {
        String word = lower(text);
        if (!word.isEmpty() && !word.equals("y") && !word.equals("n")) {
            odd("testing", text, "n");
        }
        return word.equals("y");
    }

    int percent(String text) {
        if (text.isEmpty()) {
            return 100;
        }
        boolean number = text.length() <= 3 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!number || Integer.parseInt(text) > 100) {
            odd("pct", text, "100");
            return 100;
        }
        return Integer.parseInt(text);
    }

    /** Empty where there is neither a type nor a comment, as some reports have it where nothing was overridden. */
    Optional<OverrideReason> reason(String type, String comment) {
        if (type.isEmpty() && comment.isEmpty()) {
            return Optional.empty();
        }
        Optional<OverrideReason.Type> known = constant(OverrideReason.Type.values(), type);
        if (known.isEmpty()) {
            // "forwarded" of RFC 7489 among them, which RFC 9990 has no word for.
            String told = comment.isEmpty() ? type : type + ": " + comment;
            return Optional.of(new OverrideReason(OverrideReason.Type.OTHER, told));
        }
        return Optional.of(new OverrideReason(known.get(), comment));
    }

    DkimState dkim(String text) {
        return constant(DkimState.values(), text).orElseGet(() -> {
            DkimState taken = switch (lower(text)) {
                case "hardfail", "invalid", "failed" -> DkimState.FAIL;
                // RFC 4870, and what implementations of it still say.
                case "error", "tempfail" -> DkimState.TEMPERROR;
                case "unknown", "permfail" -> DkimState.PERMERROR;
                case "softfail" -> DkimState.NEUTRAL;
                default -> DkimState.NONE;
            };
            odd("result of dkim", text, taken.toString());
            return taken;
        });
    }

    SpfResult.State spf(String text) {
        return constant(SpfResult.State.values(), text).orElseGet(() -> {
            SpfResult.State taken = switch (lower(text)) {
                case "hardfail", "invalid", "failed" -> SpfResult.State.FAIL;
                // RFC 4408's drafts: error and unknown. RFC 8601 §2.7.2: policy, a local override of the result.
                case "error", "tempfail" -> SpfResult.State.TEMPERROR;
                case "unknown", "permfail" -> SpfResult.State.PERMERROR;
                case "policy" -> SpfResult.State.NEUTRAL;
                default -> SpfResult.State.NONE;
            };
            odd("result of spf", text, taken.word());
            return taken;
        });
    }

    SpfIdentity scope(String text) {
        return switch (lower(text)) {
            case "mfrom", "mailfrom", "" -> SpfIdentity.MAIL_FROM;
            case "helo" -> SpfIdentity.HELO;
            default -> {
                odd("scope", text, "mfrom");
                yield SpfIdentity.MAIL_FROM;
            }
        };
    }

    private void odd(String name, String found, String taken) {
        String shown = found.length() > 60 ? found.substring(0, 60) + "..." : found;
        repaired.accept((shown.isEmpty() ? name + " is empty" : name + " is \"" + shown + "\"") + ", taken for " + taken);
    }

    private static <E extends Enum<E>> Optional<E> constant(E[] constants, String text) {
        return Arrays.stream(constants).filter(constant -> constant.name().equalsIgnoreCase(text)).findFirst();
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
