// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signet.arc.ArcResult;
import dev.signet.dkim.DkimResult;
import dev.signet.dmarc.Disposition;
import dev.signet.dmarc.DmarcResult;
import dev.signet.dns.DomainName;
import dev.signet.inbound.Verdict;
import dev.signet.message.HeaderField;
import dev.signet.spf.SpfResult;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/** Prints verdicts, for people or for programs. */
final class VerdictPrinter {

    // A file has no server that vouches for it.
    private static final String AUTHSERV_ID = "localhost";

    private final JsonMapper mapper = JsonMapper.builder().build();
    private final PrintStream out;

    VerdictPrinter(PrintStream out) {
        this.out = out;
    }

    /** A block that ends with an empty line. */
    void print(String file, Verdict verdict) {
        out.println(file);
        verdict.client().ifPresent(client -> {
            out.println("  " + line("spf", client.mailFrom()));
            out.println("  " + line("spf of HELO", client.helo()));
            out.println("  iprev=" + client.reverseName().state().word() + ": " + client.reverseName().reason());
        });
        verdict.senderId().ifPresent(sender -> out.println("  sender-id=" + sender.state().word() + ": " + sender.reason()));
        if (verdict.dkim().isEmpty()) {
            out.println("  dkim=none: the message is not signed");
        }
        verdict.dkim().forEach(result -> out.println("  " + line(result)));
        out.println("  " + line(verdict.arc()));
        verdict.dmarc().ifPresent(result -> out.println("  " + line(result)));
        HeaderField field = verdict.authenticationResults(AUTHSERV_ID).toField();
        new String(field.bytes(), StandardCharsets.UTF_8).lines().forEach(line -> out.println("  " + line));
        out.println();
    }

    /** One line: the verdict as it is stored with a mail, between the file's name and the header field. */
    void printJson(String file, Verdict verdict) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("file", file);
        json.setAll(read(verdict.toJson()));
        String results = verdict.authenticationResults(AUTHSERV_ID).toField().unfolded();
        json.put("authenticationResults", new String(results.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8).replace('\t', ' '));
        out.println(json);
    }

    private ObjectNode read(String json) {
        try {
            return (ObjectNode) mapper.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("we wrote it ourselves", e);
        }
    }

    private static String line(ArcResult result) {
        StringBuilder line = new StringBuilder("arc=").append(result.state());
        if (!result.sealers().isEmpty()) {
            line.append(result.sealers().stream().map(DomainName::ascii).collect(Collectors.joining(", ", " sealed by ", "")));
        }
        return line.append(": ").append(result.reason()).toString();
    }

    private static String line(DmarcResult result) {
        StringBuilder line = new StringBuilder("dmarc=").append(result.status().word());
        result.authorDomain().ifPresent(author -> line.append(' ').append(author));
        result.policyDomain().ifPresent(
                domain -> line.append(" (").append(domain).append(" asks for ").append(result.requested().word()).append(')'));
        line.append(": ").append(result.reason());
        if (result.status() != DmarcResult.Status.PASS && (result.policy().isPresent() || result.disposition() != Disposition.NONE)) {
            line.append("; what is done: ").append(result.disposition().word());
        }
        result.handling().overrides().forEach(
                override -> line.append(" (").append(override.type().word()).append(": ").append(override.comment()).append(')'));
        return line.toString();
    }

    private static String line(String method, SpfResult result) {
        return method + "=" + result.state().word() + (result.domain() == null ? "" : " " + result.domain()) + ": " + result.reason();
    }

    private static String line(DkimResult result) {
        StringBuilder line = new StringBuilder("dkim=").append(result.state());
        if (result.domain() != null) {
            line.append(" d=").append(result.domain()).append(" s=").append(result.selector()).append(" a=").append(result.algorithm());
        }
        if (result.keyBits() > 0) {
            line.append(" (").append(result.keyBits()).append(" bits)");
        }
        if (result.created() != null) {
            line.append(" signed ").append(result.created());
        }
        return line.append(": ").append(result.reason()).toString();
    }
}
