// SPDX-License-Identifier: Apache-2.0
package dev.signet.scenario;

import dev.signet.james.JamesInstall;
import dev.signet.james.WebAdmin;
import dev.signet.james.XmlFile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** The sample {@code list} in the James of a world: its list, and another one that relies on its seal alone. */
public final class MailingLists {

    /** That of the sample: where an author's policy is strict, From says that the post comes via the list. */
    static final String MUNGED = "talk@" + JamesInstall.DOMAIN;

    /** Leaves From as it is; those who know the list believe its seal. */
    static final String SEALED = "sealed@" + JamesInstall.DOMAIN;

    /** Whose posts the lists take. */
    static final String AUTHOR = "editor@strict.example";

    private static final String MEMBER = "carol@outside.example";

    private MailingLists() {}

    /** Makes the sample the configuration of an install. */
    public static void layOut(JamesInstall install) throws IOException {
        install.useSample("list");
        Path samples = install.conf().resolve("signet-samples/list");
        Files.copy(samples.resolve("talk-footer.txt"), install.conf().resolve("talk-footer.txt"), StandardCopyOption.REPLACE_EXISTING);
        String post = "//mailet[@class='dev.signet.mailets.ListPost']";
        String munge = "/mailet[@class='dev.signet.mailets.MungeFrom']";
        String first = "//processor[@state='transport']/mailet[@class='dev.signet.mailets.ListPost']";
        String second = first + "[2]";
        XmlFile.read(install.conf().resolve("mailetcontainer.xml"))
                .attribute(post, "match", "RecipientIs=" + MUNGED)
                .text(post + "/address", MUNGED)
                .text("/" + munge + "/list", MUNGED)
                .duplicate(first)
                .attribute(second, "match", "RecipientIs=" + SEALED)
                .text(second + "/address", SEALED)
                .text(second + "/subjectPrefix", "[sealed]")
                .append(second, "processor", "sealed-list")
                .duplicate("//processor[@state='list']")
                .attribute("//processor[@state='list'][2]", "state", "sealed-list")
                .remove("//processor[@state='sealed-list']" + munge)
                .write();
    }

    /** Gives the lists their members, and their domain a policy. */
    public static void open(World world) throws IOException, InterruptedException {
        WebAdmin admin = new WebAdmin(world.ports().webAdmin());
        for (String list : List.of(MUNGED, SEALED)) {
            for (String member : List.of(AUTHOR, MEMBER)) {
                admin.addToGroup(list, member);
            }
        }
        world.dns().txt("_dmarc." + JamesInstall.DOMAIN, "v=DMARC1; p=reject");
    }
}
