// SPDX-License-Identifier: Apache-2.0
package dev.signet.demo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows of text with aligned columns. */
final class Table {

    private final List<List<String>> rows = new ArrayList<>();

    Table(String... headings) {
        rows.add(List.of(headings));
    }

    void row(String... cells) {
        rows.add(List.of(cells));
    }

    /** The lines, with a rule below the headings. */
    String render() {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder out = new StringBuilder();
        append(out, rows.getFirst(), widths);
        append(out, Arrays.stream(widths).mapToObj("-"::repeat).toList(), widths);
        rows.stream().skip(1).forEach(row -> append(out, row, widths));
        return out.toString();
    }

    private static void append(StringBuilder out, List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            line.append(cells.get(i)).append(" ".repeat(widths[i] - cells.get(i).length() + 2));
        }
        out.append(line.toString().stripTrailing()).append('\n');
    }
}
