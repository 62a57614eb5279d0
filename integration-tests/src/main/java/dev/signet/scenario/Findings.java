// SPDX-License-Identifier: Apache-2.0
package dev.signet.scenario;

import dev.signet.authres.MethodResult;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What was found out about a message, by the methods that an expectation names.
 *
 * @param results of those methods
 * @param expected as {@link Expectation.Delivered} has them
 */
record Findings(List<MethodResult> results, List<String> expected) {

    static Findings of(List<MethodResult> all, List<String> expected) {
        Set<String> methods = expected.stream().map(text -> text.substring(0, text.indexOf('='))).collect(Collectors.toSet());
        return new Findings(all.stream().filter(result -> methods.contains(result.method())).toList(), expected);
    }

    /** Empty where they are what was expected. */
    List<String> problems() {
        boolean same = results.size() == expected.size();
        for (int i = 0; same && i < expected.size(); i++) {
            same = words(results.get(i)).collect(Collectors.toSet()).containsAll(List.of(expected.get(i).split(" ", -1)));
        }
        return same ? List.of() : List.of("expected " + expected + ", found " + results);
    }

    /** A line for each, with what fits into a table: the result, and whose it is; the algorithm; what DMARC makes of it. */
    String seen() {
        return results.isEmpty() ? "no results" : results.stream().map(Findings::brief).collect(Collectors.joining("\n"));
    }

    private static Stream<String> words(MethodResult result) {
        return Stream.concat(
                Stream.of(result.method() + "=" + result.result()),
                result.properties().stream().map(p -> p.type() + "." + p.name() + "=" + p.value()));
    }

    private static String brief(MethodResult result) {
        return words(result)
                .filter(word -> word.startsWith(result.method()) || word.matches("header\\.(a|d|from)=.*|smtp\\.(mailfrom|helo)=.*|policy\\.dmarc=.*"))
                .map(word -> word.startsWith("header.") || word.startsWith("smtp.") ? word.substring(word.indexOf('=') + 1) : word)
                .collect(Collectors.joining(" "));
    }
}
