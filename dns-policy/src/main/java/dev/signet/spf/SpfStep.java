// SPDX-License-Identifier: Apache-2.0
package dev.signet.spf;

import java.util.List;

/**
 * One step of an evaluation, for who wants to see how a result came about.
 *
 * @param what a domain whose record was evaluated, or a term of a record; printable ASCII
 * @param outcome the result for a domain; {@code "match"}, {@code "no match"} or an error for a term
 * @param lookups how many DNS-querying terms the whole check had used when this step was done
 * @param steps what this step consisted of, in order
 */
public record SpfStep(String what, String outcome, int lookups, List<SpfStep> steps) {

    public SpfStep {
        steps = List.copyOf(steps);
    }
}
