// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A configuration file of James, to be changed here and there. Places are named by XPath; one that does not exist is a mistake
 * of the caller.
 */
public final class XmlFile {

    private final Path file;
    private final Document document;

    private XmlFile(Path file, Document document) {
        this.file = file;
        this.document = document;
    }

    /**
     * Reads a file.
     *
     * @throws IOException if it cannot be read, or is no XML
     */
    public static XmlFile read(Path file) throws IOException {
        try {
            return new XmlFile(file, DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().parse(file.toFile()));
        } catch (SAXException | ParserConfigurationException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /** Replaces the text of each of these elements. */
    public XmlFile text(String place, String text) {
        elements(place).forEach(element -> element.setTextContent(text));
        return this;
    }

    /** Gives each of these elements an attribute. */
    public XmlFile attribute(String place, String name, String value) {
        elements(place).forEach(element -> element.setAttribute(name, value));
        return this;
    }

    /** Replaces a part of the text of each of these elements. */
    public XmlFile replace(String place, String target, String replacement) {
        elements(place).forEach(element -> element.setTextContent(element.getTextContent().replace(target, replacement)));
        return this;
    }

    /** The names of the children of each of these elements, with their text. */
    public Map<String, String> children(String place) {
        Map<String, String> children = new TreeMap<>();
        elements(place).forEach(element -> {
            for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
                if (child instanceof Element) {
                    children.put(child.getNodeName(), child.getTextContent());
                }
            }
        });
        return children;
    }

    /** Makes these the only children of each of these elements. */
    public XmlFile children(String place, Map<String, String> children) {
        elements(place).forEach(element -> {
            element.setTextContent("");
            children.forEach((name, text) -> element.appendChild(child(name, text)));
        });
        return this;
    }

    /** Adds a child with text at the end of each of these elements. */
    public XmlFile append(String place, String name, String text) {
        elements(place).forEach(element -> element.appendChild(child(name, text)));
        return this;
    }

    /** Adds an empty element with two attributes in front of this one, as {@code mailetcontainer.xml} wants a mailet. */
    public XmlFile mailetBefore(String place, String match, String mailet) {
        Element before = elements(place).findFirst().orElseThrow();
        Element element = child("mailet", "");
        element.setAttribute("match", match);
        element.setAttribute("class", mailet);
        before.getParentNode().insertBefore(element, before);
        return this;
    }

    /** Adds a copy of this element behind it. */
    public XmlFile duplicate(String place) {
        Element element = elements(place).findFirst().orElseThrow();
        element.getParentNode().insertBefore(element.cloneNode(true), element.getNextSibling());
        return this;
    }

    /** Takes these elements out. */
    public XmlFile remove(String place) {
        elements(place).forEach(element -> element.getParentNode().removeChild(element));
        return this;
    }

    /** Writes the file back. */
    public void write() throws IOException {
        write(file);
    }

    /** Writes it somewhere else. */
    public void write(Path target) throws IOException {
        try {
            TransformerFactory.newDefaultInstance().newTransformer().transform(new DOMSource(document), new StreamResult(target.toFile()));
        } catch (TransformerException e) {
            throw new IOException(target + ": " + e.getMessage(), e);
        }
    }

    /** Whether there is such a place. */
    public boolean has(String place) {
        return find(place).getLength() > 0;
    }

    private Element child(String name, String text) {
        Element element = document.createElement(name);
        element.setTextContent(text);
        return element;
    }

    private Stream<Element> elements(String place) {
        NodeList found = find(place);
        if (found.getLength() == 0) {
            throw new IllegalArgumentException(file + " has no " + place);
        }
        // A copy: what is being changed must not be what is being walked through.
        Node[] nodes = IntStream.range(0, found.getLength()).mapToObj(found::item).toArray(Node[]::new);
        return Stream.of(nodes).map(Element.class::cast);
    }

    private NodeList find(String place) {
        try {
            return (NodeList) XPathFactory.newDefaultInstance().newXPath().evaluate(place, document, XPathConstants.NODESET);
        } catch (XPathExpressionException e) {
            throw new IllegalArgumentException(place, e);
        }
    }
}
