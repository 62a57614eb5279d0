// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.xml.sax.SAXException;

import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Judges XML by the schemas of the two RFCs. */
public record AggregateSchema(Schema schema) {

    private static final Path RFC9990 = Path.of("../../shared/standards/dmarc-aggregate-2.0.xsd");
    // Of Debian's libmail-dmarc-perl.
    private static final Path MAIL_DMARC = Path.of("/usr/share/perl5/auto/share/dist/Mail-DMARC/rua-schema.xsd");

    /** RFC 9990's; skips the test, by name, where the file is not there. */
    public static AggregateSchema rfc9990(String test) throws SAXException {
        if (!Files.exists(RFC9990)) {
            System.out.println("SKIPPED: " + test + ": no " + RFC9990.toAbsolutePath().normalize());
        }
        assumeTrue(Files.exists(RFC9990), test + " needs " + RFC9990);
        return of(new StreamSource(RFC9990.toFile()));
    }

    /** Written after RFC 7489 Appendix C, without its namespace. */
    static AggregateSchema rfc7489() throws SAXException {
        return of(new StreamSource(AggregateSchema.class.getResource("rfc7489.xsd").toString()));
    }

    /** RFC 7489's own text, as Mail::DMARC has it; skips the test, by name, where that is not installed. */
    static AggregateSchema mailDmarc(String test) throws SAXException, IOException {
        if (!Files.exists(MAIL_DMARC)) {
            System.out.println("SKIPPED: " + test + ": no " + MAIL_DMARC + " (apt-get install libmail-dmarc-perl)");
        }
        assumeTrue(Files.exists(MAIL_DMARC), test + " needs " + MAIL_DMARC);
        // With its target namespace it knows none of its own types, and no report is in that namespace.
        String schema = Files.readString(MAIL_DMARC).replaceFirst("targetNamespace=\"[^\"]*\"", "");
        return of(new StreamSource(new StringReader(schema)));
    }

    private static AggregateSchema of(StreamSource source) throws SAXException {
        return new AggregateSchema(SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI).newSchema(source));
    }

    /** What is wrong with a document; empty for nothing. */
    public Optional<String> problem(byte[] xml) throws IOException {
        try {
            schema.newValidator().validate(new StreamSource(new ByteArrayInputStream(xml)));
            return Optional.empty();
        } catch (SAXException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
