// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A small piece of a report, such as one record: in memory, so that the order of its elements does not matter.
 *
 * @param name without a prefix
 * @param text without white space around it
 */
record XmlElement(String name, String text, List<XmlElement> children) {

    XmlElement {
        children = List.copyOf(children);
    }

    List<XmlElement> all(String name) {
        List<XmlElement> found = new ArrayList<>(2);
        for (XmlElement child : children) {
            if (child.name.equals(name)) {
                found.add(child);
            }
        }
        return found;
    }

    /** The child of this name, of which there may be one. */
    Optional<XmlElement> find(String name) throws Unusable {
        List<XmlElement> found = all(name);
        if (found.size() > 1) {
            throw new Unusable(ReadReport.Reason.REPEATED, "more than one " + name + " in " + this.name);
        }
        return found.stream().findFirst();
    }

    /** The child of this name, without which there is no report. */
    XmlElement get(String name) throws Unusable {
        return find(name).orElseThrow(() -> new Unusable(ReadReport.Reason.MISSING, "no " + name + " in " + this.name));
    }

    /** The text of the first child of this name; empty where it is missing. */
    String textOf(String name) {
        List<XmlElement> found = all(name);
        return found.isEmpty() ? "" : found.getFirst().text;
    }
}
