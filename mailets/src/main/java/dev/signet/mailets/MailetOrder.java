// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import dev.signet.dmarc.Disposition;
import org.apache.commons.configuration2.HierarchicalConfiguration;
import org.apache.commons.configuration2.XMLConfiguration;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.apache.commons.configuration2.io.FileHandler;
import org.apache.commons.configuration2.tree.ImmutableNode;
import org.apache.james.filesystem.api.FileSystem;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Whether mailets change mail behind one that has signed or sealed it. James tells no mailet who stands behind it, neither 3.8 nor 3.9,
 * so this reads what James read.
 */
final class MailetOrder {

    private static final String FILE = "file://conf/mailetcontainer.xml";

    private static final Set<String> SIGNERS = Set.of(SignDkim.class.getName(), SealArc.class.getName());

    // Ours; by name, as the administrator writes it.
    private static final Set<String> CHANGERS = Set.of("dev.signet.mailets.ListPost", "dev.signet.mailets.MungeFrom");

    // Those of James 3.8 and 3.9 that write into the header or the body of the mail that they are given.
    private static final Set<String> CHANGERS_OF_JAMES = Set.of(
            "AddFooter", "AddHabeasWarrantMark", "AddSubjectPrefix", "ClamAVScan", "ClassifyBounce", "ConvertTo7Bit", "DKIMVerify", "Expires",
            "FoldLongLines", "HeadersToHTTP", "ICALToHeader", "ICSSanitizer", "MailAttributesListToMimeHeaders",
            "MailAttributesToMimeHeaders", "OnlyText", "RecoverAttachment", "RemoveMimeHeader", "RemoveMimeHeaderByPrefix", "ReplaceContent",
            "SanitizeMimeMessageId", "SaveMailNameInHeaders", "SerialiseToHTTP", "SetMimeHeader", "SMIMECheckSignature", "SMIMEDecrypt",
            "SMIMESign", "SPF", "StripAttachment", "TextCalendarBodyToAttachment", "ToPlainText", "UnwrapText", "WrapText");

    private MailetOrder() {}

    /** What there is to complain of, in sentences for the administrator; nothing where there is no such file. */
    static List<String> complaints(FileSystem files) {
        try (InputStream in = files.getResource(FILE)) {
            XMLConfiguration configuration = new XMLConfiguration();
            new FileHandler(configuration).load(in);
            return complaints(configuration);
        } catch (FileNotFoundException | NoSuchFileException e) {
            return List.of();
        } catch (IOException | ConfigurationException e) {
            return List.of("conf/mailetcontainer.xml cannot be read, so nobody knows what changes mail behind its signature: " + e.getMessage());
        }
    }

    private static List<String> complaints(HierarchicalConfiguration<ImmutableNode> container) {
        List<String> complaints = new ArrayList<>();
        for (HierarchicalConfiguration<ImmutableNode> processor : container.configurationsAt("processors.processor")) {
            List<String> signers = new ArrayList<>();
            for (HierarchicalConfiguration<ImmutableNode> mailet : processor.configurationsAt("mailet")) {
                String name = mailet.getString("[@class]", "");
                if (SIGNERS.contains(name)) {
                    signers.add(name);
                } else if (!signers.isEmpty() && changes(name, mailet)) {
                    complaints.add("conf/mailetcontainer.xml: in processor " + processor.getString("[@state]", "") + ", " + name
                            + " changes mail behind " + String.join(" and ", signers) + ", which breaks the signature: put it in front");
                }
            }
        }
        return complaints;
    }

    private static boolean changes(String name, HierarchicalConfiguration<ImmutableNode> mailet) {
        if (name.equals(ApplyDmarc.class.getName())) {
            return Stream.of(Disposition.values())
                    .flatMap(disposition -> DmarcAction.parse(mailet.getString(disposition.word(), "").strip()).stream())
                    .anyMatch(DmarcAction.Header.class::isInstance);
        }
        // James finds its own without their package.
        boolean ofJames = name.indexOf('.') < 0 || name.startsWith("org.apache.james.");
        return CHANGERS.contains(name) || (ofJames && CHANGERS_OF_JAMES.contains(name.substring(name.lastIndexOf('.') + 1)));
    }
}
