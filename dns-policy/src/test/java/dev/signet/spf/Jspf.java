// SPDX-License-Identifier: Apache-2.0
package dev.signet.spf;

import dev.signet.dns.DnsAnswer;
import dev.signet.dns.DomainName;
import dev.signet.dns.RecordType;
import org.apache.james.jspf.core.DNSRequest;
import org.apache.james.jspf.core.DNSService;
import org.apache.james.jspf.core.exceptions.TimeoutException;
import org.apache.james.jspf.executor.SPFResult;
import org.apache.james.jspf.impl.SPF;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Apache jSPF on the cases of a suite, with the answers that our checker gets. */
final class Jspf {

    // What jSPF says where a domain says nothing.
    private static final String DEFAULT_EXPLANATION = "http://www.openspf.org/why.html?sender=";

    private Jspf() {}

    static String version() {
        return String.valueOf(SPF.class.getPackage().getImplementationVersion());
    }

    /**
     * What jSPF gets wrong about a case; empty if nothing.
     *
     * @param type99 whether its queries for the old record type are answered from the suite, or find nothing
     */
    static String mistake(OpenSpfSuite.Case testCase, boolean type99) {
        SpfRequest request = testCase.request();
        SPFResult result = new SPF(new Answers(testCase, type99))
                .checkSPF(request.ip().getHostAddress(), request.mailFrom(), request.helo());
        String explanation = result.getExplanation();
        boolean ofTheDomain = explanation != null && !explanation.startsWith(DEFAULT_EXPLANATION);
        return testCase.mistake(result.getResult(), ofTheDomain ? explanation : null);
    }

    /** A case's zone in the terms of {@code DNSServiceXBillImpl}: null for no records, an exception for no answer. */
    private record Answers(OpenSpfSuite.Case testCase, boolean type99) implements DNSService {

        @Override
        public @Nullable List<String> getRecords(DNSRequest asked) throws TimeoutException {
            Optional<DomainName> name = DomainName.parsePrintable(asked.getHostname().replaceAll("\\.$", ""));
            if (name.isEmpty()) {
                return null;
            }
            return switch (asked.getRecordType()) {
                case DNSRequest.A -> records(name.get(), RecordType.A, address -> address.getHostAddress());
                case DNSRequest.AAAA -> records(name.get(), RecordType.AAAA, address -> address.getHostAddress());
                case DNSRequest.MX -> records(name.get(), RecordType.MX, exchanger -> exchanger.host().ascii());
                case DNSRequest.PTR -> records(name.get(), RecordType.PTR, DomainName::ascii);
                case DNSRequest.TXT -> records(name.get(), RecordType.TXT, txt -> txt);
                case DNSRequest.SPF -> spf(name.get());
                default -> throw new IllegalArgumentException(asked.toString());
            };
        }

        private <T> @Nullable List<String> records(DomainName name, RecordType<T> type, Function<T, String> text)
                throws TimeoutException {
            return switch (testCase.dns().lookup(name, type).join()) {
                // jSPF sorts out what it is given, in place.
                case DnsAnswer.Found<T> found -> new ArrayList<>(found.records().stream().map(text).toList());
                case DnsAnswer.NoData<T> noData -> null;
                case DnsAnswer.NxDomain<T> nxDomain -> null;
                case DnsAnswer.TempFailure<T>(String cause) -> {
                    // To the dnsjava that jSPF asks, this is no reason to try again.
                    if (cause.equals(OpenSpfSuite.CNAME_LOOP)) {
                        yield null;
                    }
                    throw new TimeoutException(cause);
                }
            };
        }

        private @Nullable List<String> spf(DomainName name) throws TimeoutException {
            if (!type99 || !testCase.type99().containsKey(name.ascii())) {
                return null;
            }
            List<String> spf = testCase.type99().get(name.ascii());
            if (spf == null) {
                throw new TimeoutException("TIMEOUT");
            }
            return spf.isEmpty() ? null : new ArrayList<>(spf);
        }

        @Override
        public CompletionStage<List<String>> getRecordsAsync(DNSRequest asked) {
            try {
                return CompletableFuture.completedFuture(getRecords(asked));
            } catch (TimeoutException e) {
                return CompletableFuture.failedFuture(e);
            }
        }

        @Override
        public List<String> getLocalDomainNames() {
            return List.of("receiver.example.org");
        }

        @Override
        public void setTimeOut(int seconds) {}

        @Override
        public int getRecordLimit() {
            return 10;
        }

        @Override
        public void setRecordLimit(int limit) {}
    }
}
