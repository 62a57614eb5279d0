// SPDX-License-Identifier: Apache-2.0
package dev.signet.benchmark;

import dev.signet.james.JamesInstall;
import dev.signet.james.XmlFile;
import dev.signet.scenario.SigningDomain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What a James does with mail that comes in. All of them have the same processors, but for Signet's mailets, and the list. */
enum JamesVariant {

    WITHOUT_SIGNET("without Signet") {
        @Override
        void change(JamesInstall install) throws IOException {
            install.useInboundSample("dmarc-reject");
            install.removeSignet();
        }
    },

    VERIFY("verify") {
        @Override
        void change(JamesInstall install) throws IOException {
            install.useInboundSample("mx");
        }
    },

    VERIFY_DMARC_STORE("verify, DMARC hook, report store") {
        @Override
        void change(JamesInstall install) throws IOException {
            install.useInboundSample("dmarc-reject");
            install.set(Map.of("reports", "true"));
        }
    },

    NATIVE_PROVIDER("the same, native provider") {
        @Override
        void change(JamesInstall install) throws IOException {
            VERIFY_DMARC_STORE.change(install);
            Files.copy(Path.of(nativeProvider()), install.directory().resolve("extensions-jars/native-provider.jar"));
        }
    },

    SEALED_LIST("sealed list of 20 members") {
        @Override
        void change(JamesInstall install) throws IOException {
            String post = "//mailet[@class='dev.signet.mailets.ListPost']";
            install.useSample("list");
            Path footer = Path.of("talk-footer.txt");
            Files.copy(install.conf().resolve("signet-samples/list").resolve(footer), install.conf().resolve(footer), StandardCopyOption.REPLACE_EXISTING);
            String members = IntStream.range(0, 20).mapToObj(i -> "member" + i + "@outside" + i % 5 + ".example\n").collect(Collectors.joining());
            Files.writeString(install.conf().resolve("members.txt"), members);
            XmlFile.read(install.conf().resolve("mailetcontainer.xml"))
                    .attribute(post, "match", "RecipientIs=" + LIST)
                    .text(post + "/address", LIST)
                    .text("//mailet[@class='dev.signet.mailets.MungeFrom']/list", LIST)
                    .remove("//processor[@state='list-approved']/mailet[1]")
                    .append(post, "posting", "everybody")
                    .append(post, "members", "file://conf/members.txt")
                    .write();
            SigningDomain home = SigningDomain.create(JamesInstall.DOMAIN);
            install.signWith(home.writeKeysTo(install.conf()));
        }
    };

    static final String LIST = "talk@" + JamesInstall.DOMAIN;

    private final String title;

    JamesVariant(String title) {
        this.title = title;
    }

    /** Makes an install, as it is laid out, one of these. */
    abstract void change(JamesInstall install) throws IOException;

    /** Those that can be measured here. */
    static List<JamesVariant> all() {
        List<JamesVariant> all = new ArrayList<>(List.of(values()));
        if (nativeProvider().isEmpty()) {
            all.remove(NATIVE_PROVIDER);
        }
        return all;
    }

    private static String nativeProvider() {
        return System.getProperty("native-provider", "");
    }

    /** Whether it records for reports. */
    boolean records() {
        return this == VERIFY_DMARC_STORE || this == NATIVE_PROVIDER;
    }

    boolean hasSignet() {
        return this != WITHOUT_SIGNET;
    }

    /** Whether mail leaves again, rather than staying in mailboxes here. */
    boolean isList() {
        return this == SEALED_LIST;
    }

    @Override
    public String toString() {
        return title;
    }
}
