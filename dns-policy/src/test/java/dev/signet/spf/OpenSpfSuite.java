// SPDX-License-Identifier: Apache-2.0
package dev.signet.spf;

import dev.signet.dns.RecordType;
import dev.signet.testing.FakeDns;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

import java.io.IOException;
import java.io.Reader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads a test suite of openspf.org: scenarios, each with a zone and its cases. */
final class OpenSpfSuite {

    /**
     * @param results those that are right: where the RFC leaves a choice, several
     * @param explanation null where the suite does not say; {@code "DEFAULT"} where the domain shall have none
     * @param type99 the records of the type "SPF" that RFC 7208 has done away with, by name; null where nobody answers
     */
    record Case(
            String scenario,
            String name,
            SpfRequest request,
            List<String> results,
            @Nullable String explanation,
            FakeDns dns,
            Map<String, @Nullable List<String>> type99) {

        /** What is wrong with this result; empty if nothing is. */
        String mistake(String result, @Nullable String domainsWords) {
            if (!results.contains(result)) {
                return result;
            }
            String said = domainsWords == null ? "DEFAULT" : domainsWords;
            return explanation == null || explanation.equals(said) ? "" : "explanation: " + said;
        }
    }

    /** The type of the only record at a name whose CNAMEs lead nowhere, and the cause of the failure that this is. */
    static final String CNAME_LOOP = "CNAME loop";

    private OpenSpfSuite() {}

    static List<Case> read(Path file) throws IOException {
        List<Case> cases = new ArrayList<>();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            for (Object document : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(reader)) {
                Map<?, ?> scenario = (Map<?, ?>) document;
                Map<String, List<Map.Entry<String, Object>>> zone = zone((Map<?, ?>) scenario.get("zonedata"));
                FakeDns dns = dns(zone);
                Map<String, @Nullable List<String>> type99 = type99(zone);
                for (Map.Entry<?, ?> test : ((Map<?, ?>) scenario.get("tests")).entrySet()) {
                    cases.add(testCase(
                            (String) scenario.get("description"), (String) test.getKey(), (Map<?, ?>) test.getValue(), dns, type99));
                }
            }
        }
        return cases;
    }

    private static Case testCase(
            String scenario, String name, Map<?, ?> test, FakeDns dns, Map<String, @Nullable List<String>> type99) throws IOException {
        SpfRequest request = new SpfRequest(
                InetAddress.getByName((String) test.get("host")), (String) test.get("helo"), (String) test.get("mailfrom"));
        Object result = test.get("result");
        List<String> results = result instanceof List<?> list ? list.stream().map(String.class::cast).toList() : List.of((String) result);
        return new Case(scenario, name, request, results, (String) test.get("explanation"), dns, type99);
    }

    /** Types and values by name, with CNAMEs followed. */
    private static Map<String, List<Map.Entry<String, Object>>> zone(Map<?, ?> zonedata) {
        Map<String, List<Map.Entry<String, Object>>> names = new LinkedHashMap<>();
        zonedata.forEach((name, records) -> names.put(((String) name).toLowerCase(Locale.ROOT), entries((List<?>) records)));
        Map<String, List<Map.Entry<String, Object>>> resolved = new LinkedHashMap<>();
        names.keySet().forEach(name -> resolved.put(name, resolve(names, name)));
        return resolved;
    }

    /** An SPF record stands for a TXT record where the name lists no TXT, and "TXT: NONE" lists it as absent. */
    private static FakeDns dns(Map<String, List<Map.Entry<String, Object>>> zone) {
        FakeDns dns = new FakeDns();
        zone.forEach((name, records) -> addAll(dns, name, records));
        return dns;
    }

    private static Map<String, @Nullable List<String>> type99(Map<String, List<Map.Entry<String, Object>>> zone) {
        Map<String, @Nullable List<String>> type99 = new LinkedHashMap<>();
        zone.forEach((name, records) -> {
            List<String> spf = records.stream()
                    .filter(record -> record.getKey().equals("SPF"))
                    .map(record -> strings(record.getValue()))
                    .toList();
            boolean timeout = records.stream().anyMatch(record -> record.getKey().equals("TIMEOUT"));
            type99.put(name, spf.isEmpty() && timeout ? null : spf);
        });
        return type99;
    }

    private static List<Map.Entry<String, Object>> entries(List<?> records) {
        List<Map.Entry<String, Object>> entries = new ArrayList<>();
        for (Object entry : records) {
            if (entry instanceof Map<?, ?> map) {
                map.forEach((type, value) -> entries.add(Map.entry((String) type, value)));
            } else {
                entries.add(Map.entry((String) entry, ""));
            }
        }
        return entries;
    }

    /** The records at the end of the CNAMEs; a loop is an error for every type. */
    private static List<Map.Entry<String, Object>> resolve(Map<String, List<Map.Entry<String, Object>>> names, String name) {
        String at = name;
        for (int i = 0; i < 8; i++) {
            List<Map.Entry<String, Object>> records = names.getOrDefault(at, List.of());
            if (records.isEmpty() || !records.getFirst().getKey().equals("CNAME")) {
                return records;
            }
            String target = ((String) records.getFirst().getValue()).toLowerCase(Locale.ROOT);
            at = target.endsWith(".") ? target.substring(0, target.length() - 1) : target;
        }
        return List.of(Map.entry(CNAME_LOOP, ""));
    }

    private static void addAll(FakeDns dns, String name, List<Map.Entry<String, Object>> records) {
        dns.empty(name);
        boolean txt = records.stream().anyMatch(record -> record.getKey().equals("TXT"));
        Optional<String> failure =
                records.stream().map(Map.Entry::getKey).filter(type -> type.equals("TIMEOUT") || type.equals(CNAME_LOOP)).findFirst();
        List<RecordType<?>> unanswered = new ArrayList<>(
                List.of(RecordType.TXT, RecordType.A, RecordType.AAAA, RecordType.MX, RecordType.PTR));
        for (Map.Entry<String, Object> record : records) {
            Object value = record.getValue();
            switch (record.getKey()) {
                case "SPF" -> {
                    if (!txt) {
                        dns.txt(name, strings(value));
                        unanswered.remove(RecordType.TXT);
                    }
                }
                case "TXT" -> {
                    if (!value.equals("NONE")) {
                        dns.txt(name, strings(value));
                        unanswered.remove(RecordType.TXT);
                    }
                }
                case "A", "AAAA" -> {
                    dns.address(name, (String) value);
                    unanswered.remove(record.getKey().equals("A") ? RecordType.A : RecordType.AAAA);
                }
                case "MX" -> {
                    dns.mx(name, (Integer) ((List<?>) value).get(0), (String) ((List<?>) value).get(1));
                    unanswered.remove(RecordType.MX);
                }
                case "PTR" -> {
                    dns.pointer(name, (String) value);
                    unanswered.remove(RecordType.PTR);
                }
                case "TIMEOUT", CNAME_LOOP -> {}
                default -> throw new IllegalArgumentException(record.getKey());
            }
        }
        failure.ifPresent(cause -> unanswered.forEach(type -> dns.failing(name, type, cause)));
    }

    private static String strings(Object value) {
        return value instanceof List<?> list ? String.join("", list.stream().map(String.class::cast).toList()) : (String) value;
    }
}
