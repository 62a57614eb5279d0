// SPDX-License-Identifier: Apache-2.0
package dev.signet.spf;

import dev.signet.dns.RecordType;
import dev.signet.testing.FakeDns;
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

/** Reads a test suite of openspf.org: scenarios, each with a zone and its cases. */
final class Rfc7208Suite {

    static final Path FILE = Path.of("../../shared/conformance/rfc7208-tests.yml");

    /** @param explanation null where the suite does not say; {@code "DEFAULT"} where the domain shall have none */
    record Case(String scenario, String name, SpfRequest request, List<String> results, String explanation, FakeDns dns) {}

    private Rfc7208Suite() {}

    static List<Case> read(Path file) throws IOException {
        List<Case> cases = new ArrayList<>();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            for (Object document : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(reader)) {
                Map<?, ?> scenario = (Map<?, ?>) document;
                FakeDns dns = zone((Map<?, ?>) scenario.get("zonedata"));
                for (Map.Entry<?, ?> test : ((Map<?, ?>) scenario.get("tests")).entrySet()) {
                    cases.add(testCase((String) scenario.get("description"), (String) test.getKey(), (Map<?, ?>) test.getValue(), dns));
                }
            }
        }
        return cases;
    }

    private static Case testCase(String scenario, String name, Map<?, ?> test, FakeDns dns) throws IOException {
        SpfRequest request = new SpfRequest(
                InetAddress.getByName((String) test.get("host")), (String) test.get("helo"), (String) test.get("mailfrom"));
        Object result = test.get("result");
        List<String> results = result instanceof List<?> list ? list.stream().map(String.class::cast).toList() : List.of((String) result);
        return new Case(scenario, name, request, results, (String) test.get("explanation"), dns);
    }

    /** Records by name; an SPF record stands for a TXT record where the name lists no TXT, and "TXT: NONE" lists it as absent. */
    private static FakeDns zone(Map<?, ?> zonedata) {
        FakeDns dns = new FakeDns();
        Map<String, List<Map.Entry<String, Object>>> names = new LinkedHashMap<>();
        zonedata.forEach((name, records) -> names.put(((String) name).toLowerCase(Locale.ROOT), entries((List<?>) records)));
        names.forEach((name, records) -> addAll(dns, name, resolve(names, name)));
        return dns;
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
        return List.of(Map.entry("TIMEOUT", ""));
    }

    private static void addAll(FakeDns dns, String name, List<Map.Entry<String, Object>> records) {
        dns.empty(name);
        boolean txt = records.stream().anyMatch(record -> record.getKey().equals("TXT"));
        boolean timeout = records.stream().anyMatch(record -> record.getKey().equals("TIMEOUT"));
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
                case "TIMEOUT" -> {}
                default -> throw new IllegalArgumentException(record.getKey());
            }
        }
        if (timeout) {
            unanswered.forEach(type -> dns.failing(name, type, "time-out"));
        }
    }

    private static String strings(Object value) {
        return value instanceof List<?> list ? String.join("", list.stream().map(String.class::cast).toList()) : (String) value;
    }
}
