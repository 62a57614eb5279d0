// SPDX-License-Identifier: Apache-2.0
package dev.signet.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Rows of text with aligned columns. A cell may have several lines. */
final class Table {

    private final List<List<List<String>>> rows = new ArrayList<>();

    Table(String... headings) {
        row(headings);
    }

    void row(String... cells) {
        rows.add(Stream.of(cells).map(cell -> cell.lines().toList()).toList());
    }

    /** The lines, with a rule below the headings. */
    String render() {
        List<Integer> widths = IntStream.range(0, rows.getFirst().size()).mapToObj(this::width).toList();
        StringBuilder out = new StringBuilder();
        append(out, rows.getFirst(), widths);
        append(out, widths.stream().map(width -> List.of("-".repeat(width))).toList(), widths);
        rows.stream().skip(1).forEach(row -> append(out, row, widths));
        return out.toString();
    }

    private int width(int column) {
        return rows.stream().flatMap(row -> row.get(column).stream()).mapToInt(String::length).max().orElse(0);
    }

    private static void append(StringBuilder out, List<List<String>> cells, List<Integer> widths) {
        int height = cells.stream().mapToInt(List::size).max().orElse(0);
        for (int i = 0; i < height; i++) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < cells.size(); column++) {
                String text = i < cells.get(column).size() ? cells.get(column).get(i) : "";
                line.append(text).append(" ".repeat(widths.get(column) - text.length() + 2));
            }
            out.append(line.toString().stripTrailing()).append('\n');
        }
    }
}
