// SPDX-License-Identifier: Apache-2.0
package dev.signet.message;

import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;
import java.util.function.IntPredicate;

/**
 * A cursor over the body of a structured header field (RFC 5322 §3.2, without its obsolete syntax; 8-bit bytes as in RFC 6532).
 *
 * <p>Errors stick: from the first one on the scanner stands at the end and every method finds nothing, so that a grammar reads
 * top to bottom and asks {@link #problem} once. One step a char, whatever the input.
 */
public final class FieldScanner {

    /** What {@link #peek} gives at the end. */
    public static final int END = -1;

    // Nobody nests comments deeper in good faith; readers that recurse fall over somewhere beyond.
    private static final int MAX_COMMENT_DEPTH = 32;

    private final String text;
    private int position;
    private @Nullable String problem;

    /** @param text one char per byte, as {@link HeaderField#body} gives it */
    public FieldScanner(String text) {
        this.text = text;
    }

    /** The next char, or {@link #END}. */
    public int peek() {
        return problem == null && position < text.length() ? text.charAt(position) : END;
    }

    /** Where the scanner stands: an index in the text. */
    public int position() {
        return position;
    }

    /** What was wrong first, for humans; null as long as nothing was. */
    public @Nullable String problem() {
        return problem;
    }

    /** Stops here, unless something was wrong before. */
    public void fail(String reason) {
        if (problem == null) {
            problem = reason;
        }
    }

    /** Steps over {@code c} if it is next. */
    public boolean take(char c) {
        if (peek() != c) {
            return false;
        }
        position++;
        return true;
    }

    /** Steps over {@code c}, which must be next. */
    public void expect(char c) {
        if (!take(c)) {
            fail("expected '" + c + "' " + whatIsHere());
        }
    }

    /** The longest run of such chars; empty if there is none. */
    public String run(IntPredicate chars) {
        int start = position;
        while (peek() != END && chars.test(peek())) {
            position++;
        }
        return problem == null ? text.substring(start, position) : "";
    }

    /** Steps over comments and folding white space. */
    public void skipCfws() {
        skipCfws(comment -> {});
    }

    /**
     * Steps over comments and folding white space.
     *
     * @param comments gets each comment's text, unfolded, quoted pairs resolved, comments inside it in their parentheses
     */
    public void skipCfws(Consumer<String> comments) {
        while (true) {
            skipFws();
            if (peek() != '(') {
                return;
            }
            String comment = comment();
            if (problem == null) {
                comments.accept(comment);
            }
        }
    }

    /** The content of the quoted string that begins here, unfolded, quoted pairs resolved. */
    public String quotedString() {
        StringBuilder content = new StringBuilder();
        expect('"');
        while (!take('"')) {
            if (peek() == END) {
                fail("a quoted string that never ends");
                return "";
            }
            takeContent(content);
        }
        return content.toString();
    }

    private String comment() {
        StringBuilder content = new StringBuilder();
        expect('(');
        int depth = 1;
        while (true) {
            int c = peek();
            if (c == END) {
                fail("a comment that never ends");
                return "";
            }
            if (c == '(' && ++depth > MAX_COMMENT_DEPTH) {
                fail("comments nested deeper than " + MAX_COMMENT_DEPTH);
            }
            if (c == ')' && --depth == 0) {
                position++;
                return content.toString();
            }
            takeContent(content);
        }
    }

    /** One char of a quoted string or comment: itself, a quoted pair, or the folding before a space. */
    private void takeContent(StringBuilder content) {
        if (peek() == '\r') {
            skipLineEnd();
            return;
        }
        if (take('\\') && peek() == END) {
            fail("a backslash at the end");
        } else if (isControl(peek())) {
            fail("a control character");
        } else if (problem == null) {
            content.append(text.charAt(position++));
        }
    }

    private void skipFws() {
        while (true) {
            if (peek() == '\r') {
                skipLineEnd();
            } else if (!take(' ') && !take('\t')) {
                return;
            }
        }
    }

    private void skipLineEnd() {
        int next = position + 2;
        // RFC 5322 §2.2: CR and LF occur together only, and within a field only before white space.
        if (next >= text.length() || text.charAt(position + 1) != '\n' || !isWsp(text.charAt(next))) {
            fail("a CR or LF that folds nothing");
        }
        while (next < text.length() && isWsp(text.charAt(next))) {
            next++;
        }
        // RFC 5322 §4.2, obs-FWS: a line of white space only, which some readers take for the end of the header.
        if (next < text.length() && text.charAt(next) == '\r') {
            fail("a line of white space only");
        }
        position += 2;
    }

    /** For a reason: what was found instead of what was expected. */
    public String whatIsHere() {
        int c = peek();
        if (c == END) {
            return "at the end";
        }
        return c > ' ' && c < 0x7F ? "before '" + (char) c + "'" : "before byte " + c;
    }

    /** RFC 5322 §3.2.3, {@code atext}, and bytes of UTF-8 (RFC 6532 §3.2). */
    public static boolean isAtext(int c) {
        return isLetterOrDigit(c) || c >= 0x80 || (c > 0 && "!#$%&'*+-/=?^_`{|}~".indexOf(c) >= 0);
    }

    /** An ASCII letter or digit. */
    public static boolean isLetterOrDigit(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c);
    }

    /** An ASCII digit. */
    public static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isWsp(int c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isControl(int c) {
        return (c >= 0 && c < ' ' && c != '\t') || c == 0x7F;
    }
}
