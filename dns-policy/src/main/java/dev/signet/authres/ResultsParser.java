// SPDX-License-Identifier: Apache-2.0
package dev.signet.authres;

import dev.signet.message.FieldScanner;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The grammar of RFC 8601 §2.2, top to bottom.
 *
 * <p>Strict about who speaks and about which method said what. Lenient where large senders write something else and nothing
 * can be gained by it: values with unquoted specials ({@code smtp.remote-ip=2001:db8::1}, VERP addresses), properties without
 * a type ({@code action=none} of Microsoft, {@code x-bits=2048} of Fastmail), a semicolon at the end.
 */
final class ResultsParser {

    // A sealer that lists more did not look at one message; the field is somebody's ballast.
    private static final int MAX_RESULTS = 200;

    private final FieldScanner scanner;
    private int endOfAuthservId;

    ResultsParser(String body) {
        this.scanner = new FieldScanner(body);
    }

    AuthenticationResults.Parse parse() {
        AuthenticationResults field = payload();
        return field == null
                ? new AuthenticationResults.Parse.Malformed(problem())
                : new AuthenticationResults.Parse.Sound(field);
    }

    // RFC 8617 §4.1.1: arc-info = instance [CFWS] ";" authres-payload
    ArcAuthenticationResults.Parse parseArc() {
        OptionalInt instance = instance();
        AuthenticationResults field = payload();
        return field == null || instance.isEmpty()
                ? new ArcAuthenticationResults.Parse.Malformed(instance, problem())
                : new ArcAuthenticationResults.Parse.Sound(new ArcAuthenticationResults(instance.getAsInt(), field));
    }

    /** After a sound parse: where the semicolon behind the authserv-id and its version stands. */
    int endOfAuthservId() {
        return endOfAuthservId;
    }

    /** The beginning of an ARC field. */
    OptionalInt instance() {
        scanner.skipCfws();
        scanner.expect('i');
        scanner.skipCfws();
        scanner.expect('=');
        scanner.skipCfws();
        // RFC 8617 §3.9: position = 1*2DIGIT
        int start = scanner.position();
        int instance = number(ArcAuthenticationResults.MAX_INSTANCE);
        if (scanner.position() - start > 2) {
            scanner.fail("an instance of more than two digits");
        }
        scanner.skipCfws();
        scanner.expect(';');
        if (instance == 0) {
            scanner.fail("instance 0");
        }
        return scanner.problem() == null ? OptionalInt.of(instance) : OptionalInt.empty();
    }

    private @Nullable AuthenticationResults payload() {
        scanner.skipCfws();
        String authservId = scanner.peek() == '"' ? scanner.quotedString() : scanner.run(ResultsParser::isToken);
        if (authservId.isEmpty()) {
            scanner.fail("no authserv-id " + scanner.whatIsHere());
        }
        int beforeVersion = scanner.position();
        scanner.skipCfws();
        int version = 1;
        if (FieldScanner.isDigit(scanner.peek()) && scanner.position() > beforeVersion) {
            version = number(Integer.MAX_VALUE);
            scanner.skipCfws();
        }
        endOfAuthservId = scanner.position();
        List<MethodResult> results = results();
        return scanner.problem() == null ? new AuthenticationResults(authservId, version, results) : null;
    }

    // no-result = [CFWS] ";" [CFWS] "none", or one result and more
    private List<MethodResult> results() {
        List<MethodResult> results = new ArrayList<>();
        scanner.expect(';');
        do {
            List<String> comments = new ArrayList<>();
            scanner.skipCfws(comments::add);
            if (scanner.peek() == FieldScanner.END && !results.isEmpty()) {
                break;
            }
            String method = keyword("a method");
            scanner.skipCfws(comments::add);
            if (scanner.peek() == FieldScanner.END && results.isEmpty() && method.equals("none")) {
                break;
            }
            MethodResult result = methodResult(method, comments);
            if (result != null) {
                results.add(result);
            }
            if (results.size() > MAX_RESULTS) {
                scanner.fail("more than " + MAX_RESULTS + " results");
            }
        } while (scanner.take(';'));
        if (scanner.peek() != FieldScanner.END) {
            scanner.fail("expected ';' " + scanner.whatIsHere());
        }
        return results;
    }

    // method = Keyword [ [CFWS] "/" [CFWS] method-version ]; methodspec = [CFWS] method [CFWS] "=" [CFWS] result
    private @Nullable MethodResult methodResult(String method, List<String> comments) {
        int version = 1;
        if (scanner.take('/')) {
            scanner.skipCfws(comments::add);
            version = number(Integer.MAX_VALUE);
            scanner.skipCfws(comments::add);
        }
        scanner.expect('=');
        scanner.skipCfws(comments::add);
        String result = keyword("a result");
        Optional<String> reason = Optional.empty();
        List<Property> properties = new ArrayList<>();
        while (true) {
            scanner.skipCfws(comments::add);
            if (scanner.peek() == FieldScanner.END || scanner.peek() == ';') {
                break;
            }
            String name = keyword("a property");
            scanner.skipCfws(comments::add);
            if (scanner.take('.')) {
                scanner.skipCfws(comments::add);
                String property = keyword("a property");
                String value = value(comments);
                // RFC 8601 §2.3 keeps the list of types open: one that we do not know says nothing to us.
                PropertyType.parse(name)
                        .filter(type -> scanner.problem() == null)
                        .ifPresent(type -> properties.add(new Property(type, property, value)));
            } else {
                String value = value(comments);
                if (name.equals("reason") && reason.isEmpty()) {
                    reason = Optional.of(value);
                }
            }
        }
        return scanner.problem() == null ? new MethodResult(method, version, result, reason, comments, properties) : null;
    }

    // [CFWS] "=" [CFWS] ( value / [ [ local-part ] "@" ] domain-name )
    private String value(List<String> comments) {
        scanner.skipCfws(comments::add);
        scanner.expect('=');
        scanner.skipCfws(comments::add);
        if (scanner.peek() != '"') {
            String value = scanner.run(ResultsParser::isBareValue);
            if (value.isEmpty()) {
                scanner.fail("expected a value " + scanner.whatIsHere());
            }
            return value;
        }
        String quoted = scanner.quotedString();
        // A quoted local part (RFC 5321 §4.1.2) rather than a quoted value.
        return scanner.peek() == '@' ? ResultsWriter.quote(quoted) + scanner.run(ResultsParser::isBareValue) : quoted;
    }

    private String keyword(String what) {
        String keyword = scanner.run(Keyword::isChar);
        if (keyword.isEmpty()) {
            scanner.fail("expected " + what + " " + scanner.whatIsHere());
            return "";
        }
        return Keyword.of(keyword);
    }

    private int number(int max) {
        String digits = scanner.run(FieldScanner::isDigit);
        // Ten digits: more than any number that means something here, less than a long overflows at.
        if (digits.isEmpty() || digits.length() > 10 || Long.parseLong(digits) > max) {
            scanner.fail("expected a number up to " + max + " " + scanner.whatIsHere());
            return 0;
        }
        return (int) Long.parseLong(digits);
    }

    private String problem() {
        String problem = scanner.problem();
        return problem == null ? "malformed" : problem;
    }

    /** RFC 2045 §5.1, {@code token}, and bytes of UTF-8. */
    static boolean isToken(int c) {
        return c > ' ' && c != 0x7F && "()<>@,;:\\\"/[]?=".indexOf(c) < 0;
    }

    private static boolean isBareValue(int c) {
        return c > ' ' && c != 0x7F && "()\";\\".indexOf(c) < 0;
    }
}
