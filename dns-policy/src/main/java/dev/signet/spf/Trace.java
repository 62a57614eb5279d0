// SPDX-License-Identifier: Apache-2.0
package dev.signet.spf;

import java.util.ArrayList;
import java.util.List;

/** A step of an evaluation that is still under way. */
final class Trace {

    private final String what;
    private final List<Trace> steps = new ArrayList<>();
    private String outcome = "";
    private int lookups;

    Trace(String what) {
        this.what = what;
    }

    Trace step(String what) {
        Trace step = new Trace(what);
        steps.add(step);
        return step;
    }

    void end(String outcome, int lookups) {
        this.outcome = outcome;
        this.lookups = lookups;
    }

    SpfStep toStep() {
        List<SpfStep> done = new ArrayList<>(steps.size());
        for (Trace step : steps) {
            done.add(step.toStep());
        }
        return new SpfStep(what, outcome, lookups, done);
    }
}
