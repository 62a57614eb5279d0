// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import dev.signet.report.ReadReport.Reason;

import javax.xml.XMLConstants;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads aggregate reports of others: RFC 9990, RFC 7489, and what else is sent under these names. Whatever a stranger wrote, the
 * answer is a report or a reason. Immutable.
 */
public final class AggregateReportReader {

    private final ReadLimits limits;

    public AggregateReportReader(ReadLimits limits) {
        this.limits = limits;
    }

    /**
     * Reads one file: XML, or gzip or zip around it.
     *
     * @param file read to its end or to the limit, not closed
     * @throws IOException what the stream threw, never for what is in it
     */
    public ReadReport read(InputStream file) throws IOException {
        byte[] bytes = file.readNBytes(limits.maxFileBytes() + 1);
        if (bytes.length > limits.maxFileBytes()) {
            return new ReadReport.Unreadable(Reason.FILE_TOO_LARGE, "more than " + limits.maxFileBytes() + " bytes");
        }
        try {
            return read(bytes);
        } catch (Unusable e) {
            return e.result();
        } catch (IOException | XMLStreamException e) {
            return unusable(e).result();
        } catch (RuntimeException | StackOverflowError surprise) {
            return new ReadReport.Unreadable(Reason.SURPRISE, ReportMail.line(surprise.toString()));
        }
    }

    private ReadReport read(byte[] bytes) throws IOException, XMLStreamException {
        XMLStreamReader xml = factory().createXMLStreamReader(XmlEncoding.decode(Unpacked.of(bytes, limits)));
        ReportUnderstanding report = new ReportUnderstanding();
        while (next(xml) != XMLStreamConstants.START_ELEMENT) {
            // What stands in front of the root element.
        }
        if (!xml.getLocalName().toLowerCase(Locale.ROOT).equals("feedback")) {
            throw new Unusable(Reason.NOT_A_REPORT, "the root element is " + xml.getLocalName() + ", not feedback");
        }
        String namespace = namespace(xml);
        report.namespace(namespace);
        int records = 0;
        while (next(xml) != XMLStreamConstants.END_ELEMENT) {
            if (xml.getEventType() == XMLStreamConstants.START_ELEMENT) {
                XmlElement element = new Subtree(xml, namespace).read(2);
                if (element.name().equals("record") && ++records > limits.maxRecords()) {
                    throw new Unusable(Reason.TOO_MANY_RECORDS, "more than " + limits.maxRecords() + " records");
                }
                report.add(element);
            }
        }
        readToTheEnd(xml, report);
        return report.result();
    }

    /** The checksum of an archive stands behind all it holds. */
    private static void readToTheEnd(XMLStreamReader xml, ReportUnderstanding report) throws IOException {
        try {
            while (xml.hasNext()) {
                xml.next();
            }
        } catch (XMLStreamException e) {
            if (e.getNestedException() != null) {
                throw unusable(e);
            }
            report.repaired("what follows the report was not read");
        }
    }

    private static int next(XMLStreamReader xml) throws XMLStreamException, Unusable {
        int event = xml.next();
        if (event == XMLStreamConstants.DTD || event == XMLStreamConstants.ENTITY_REFERENCE) {
            throw new Unusable(Reason.DOCTYPE, "a document type declaration or an entity");
        }
        return event;
    }

    private static XMLInputFactory factory() {
        // The JDK's own, whatever else is on the class path of James: it alone was tried with hostile input.
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
        factory.setXMLResolver((publicId, systemId, base, namespace) -> {
            throw new XMLStreamException("nothing outside the report is read");
        });
        return factory;
    }

    private static Unusable unusable(Exception e) {
        Throwable cause = e instanceof XMLStreamException wrapped && wrapped.getNestedException() != null ? wrapped.getNestedException() : e;
        return switch (cause) {
            case Unusable own -> own;
            case CharacterCodingException ignored -> new Unusable(Reason.NOT_XML, "bytes that its encoding does not have");
            default -> new Unusable(Reason.NOT_XML, String.valueOf(cause.getMessage()));
        };
    }

    private static String namespace(XMLStreamReader xml) {
        String namespace = xml.getNamespaceURI();
        return namespace == null ? "" : namespace;
    }

    /** Reads one element and all in it. */
    private final class Subtree {

        private final XMLStreamReader xml;
        private final String namespace;
        private int elements;

        Subtree(XMLStreamReader xml, String namespace) {
            this.xml = xml;
            this.namespace = namespace;
        }

        XmlElement read(int depth) throws XMLStreamException, Unusable {
            String name = isOurs() ? xml.getLocalName().toLowerCase(Locale.ROOT) : "extension";
            if (depth > limits.maxDepth()) {
                throw new Unusable(Reason.TOO_DEEP, "more than " + limits.maxDepth() + " elements within each other");
            }
            if (++elements > limits.maxElements()) {
                throw new Unusable(Reason.TOO_MANY_ELEMENTS, "more than " + limits.maxElements() + " elements in one");
            }
            StringBuilder text = new StringBuilder();
            List<XmlElement> children = new ArrayList<>();
            while (next(xml) != XMLStreamConstants.END_ELEMENT) {
                switch (xml.getEventType()) {
                    case XMLStreamConstants.START_ELEMENT -> children.add(read(depth + 1));
                    case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> append(text, name);
                    default -> { }
                }
            }
            return new XmlElement(name, text.toString().strip(), children);
        }

        private void append(StringBuilder text, String name) throws Unusable {
            if (text.length() + xml.getTextLength() > limits.maxText()) {
                throw new Unusable(Reason.TEXT_TOO_LONG, "more than " + limits.maxText() + " characters in " + name);
            }
            text.append(xml.getTextCharacters(), xml.getTextStart(), xml.getTextLength());
        }

        /** RFC 9990 §3.2: elements of extensions have namespaces of their own, and might share a name with ours. */
        private boolean isOurs() {
            String own = namespace(xml);
            return own.isEmpty() || own.equals(namespace) || own.equals(AggregateXml.NAMESPACE);
        }
    }
}
