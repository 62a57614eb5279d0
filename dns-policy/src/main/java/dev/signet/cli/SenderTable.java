// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signet.store.SeenSender;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Who sends as a domain, for people or for programs. What is shown comes from strangers: it must not move a cursor, nor become a
 * formula in a spreadsheet.
 *
 * @param names of addresses that have one
 */
record SenderTable(List<SeenSender> senders, Map<String, String> names) {

    private static final List<String> COLUMNS =
            List.of("reports", "messages", "source", "name", "from", "dkim", "spf", "disposition", "reporters");

    /** A table with aligned columns. */
    List<String> text() {
        if (senders.isEmpty()) {
            return List.of("no reports");
        }
        List<List<String>> rows = Stream.concat(Stream.of(COLUMNS), senders.stream().map(this::cells))
                .map(cells -> cells.stream().map(Console::printable).map(cell -> cell.isEmpty() ? "-" : cell).toList())
                .toList();
        int[] widths = IntStream.range(0, COLUMNS.size())
                .map(column -> rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0))
                .toArray();
        return rows.stream()
                .map(row -> IntStream.range(0, row.size())
                        .mapToObj(column -> row.get(column) + " ".repeat(widths[column] - row.get(column).length()))
                        .collect(Collectors.joining("  "))
                        .stripTrailing())
                .toList();
    }

    /** RFC 4180, with a header. */
    List<String> csv() {
        List<String> lines = new ArrayList<>();
        lines.add(String.join(",", COLUMNS));
        senders.forEach(sender -> lines.add(cells(sender).stream().map(SenderTable::csvCell).collect(Collectors.joining(","))));
        return lines;
    }

    /** An object a line. */
    List<String> json() {
        JsonMapper mapper = JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
        return senders.stream().map(sender -> {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.put("reports", kind(sender));
            json.put("messages", sender.messages());
            json.put("source", sender.source());
            json.put("name", names.get(sender.source()));
            json.put("from", sender.from());
            json.put("dkimAligned", sender.dkimAligned().orElse(null));
            json.put("spfAligned", sender.spfAligned().orElse(null));
            json.put("disposition", sender.disposition());
            json.put("reporters", sender.reporters());
            try {
                return mapper.writeValueAsString(json);
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("texts and numbers are JSON", e);
            }
        }).toList();
    }

    private List<String> cells(SeenSender sender) {
        return List.of(
                kind(sender),
                Long.toString(sender.messages()),
                sender.source(),
                names.getOrDefault(sender.source(), ""),
                sender.from(),
                word(sender.dkimAligned()),
                word(sender.spfAligned()),
                sender.disposition(),
                Long.toString(sender.reporters()));
    }

    /** Empty where nobody tells. */
    private static String word(Optional<Boolean> aligned) {
        return aligned.map(passed -> passed ? "pass" : "fail").orElse("");
    }

    private static String kind(SeenSender sender) {
        return sender.kind().name().toLowerCase(Locale.ROOT);
    }

    /** An apostrophe in front of what a spreadsheet would calculate. */
    private static String csvCell(String text) {
        String printable = Console.printable(text);
        String harmless = printable.matches("[=+\\-@|%].*") ? "'" + printable : printable;
        return harmless.matches(".*[\",'\\s].*") ? '"' + harmless.replace("\"", "\"\"") + '"' : harmless;
    }
}
