// SPDX-License-Identifier: Apache-2.0
package dev.signet.benchmark;

import dev.signet.authres.AuthenticationResults;
import dev.signet.message.AuthorDomain;
import dev.signet.message.HeaderBlock;
import dev.signet.message.MessageLimits;
import org.apache.james.mime4j.dom.address.AddressList;
import org.apache.james.mime4j.field.address.LenientAddressParser;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

import java.nio.charset.StandardCharsets;

/** Two fields that every message is read for. Of From, Mime4j takes what it can and Signet finds out whether it can be read in two ways. */
@State(Scope.Thread)
public class HeaderParsingBenchmark {

    private static final String FROM = "\"Example, Alice (sales)\" <alice.example@news.example.com>";
    private static final String RESULTS = """
             mx.example.net;
            \tdkim=pass (2048-bit key) header.d=example.com header.s=bench header.b=AbCdEfGh;
            \tspf=pass (sender is authorized) smtp.mailfrom=bounces@example.com smtp.helo=mail.example.com;
            \tiprev=pass policy.iprev=192.0.2.1; arc=none;
            \tdmarc=pass (p=reject) header.from=news.example.com""".replace("\n", "\r\n");

    private final HeaderBlock header = HeaderBlock.parse(
            ("From: " + FROM).getBytes(StandardCharsets.US_ASCII), FROM.length() + 6, MessageLimits.DEFAULT);

    @Benchmark
    public Object from() {
        return switch (AuthorDomain.of(header)) {
            case AuthorDomain.One one -> one;
            case AuthorDomain.None none -> throw new IllegalStateException(none.toString());
            case AuthorDomain.Several several -> throw new IllegalStateException(several.toString());
            case AuthorDomain.Unparsable unparsable -> throw new IllegalStateException(unparsable.toString());
            case AuthorDomain.Unread unread -> throw new IllegalStateException(unread.toString());
        };
    }

    @Benchmark
    public Object fromByMime4j() {
        AddressList addresses = LenientAddressParser.DEFAULT.parseAddressList(FROM);
        if (addresses.size() != 1) {
            throw new IllegalStateException(addresses.toString());
        }
        return addresses.flatten().get(0).getDomain();
    }

    @Benchmark
    public Object results() {
        return switch (AuthenticationResults.parse(RESULTS)) {
            case AuthenticationResults.Parse.Sound sound -> sound;
            case AuthenticationResults.Parse.Malformed malformed -> throw new IllegalStateException(malformed.reason());
        };
    }
}
