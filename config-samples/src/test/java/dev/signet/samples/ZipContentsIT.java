// SPDX-License-Identifier: Apache-2.0
package dev.signet.samples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** What is in the drop-in zips, by list: our jars and only those libraries that James lacks. */
class ZipContentsIT {

    /** Whose classes the jars of others have, by the first word of their names. */
    private static final Map<String, String> OTHERS = Map.of(
            "HikariCP", "com/zaxxer/hikari/",
            "flyway", "org/flywaydb/",
            "h2", "org/h2/",
            "icu4j", "com/ibm/icu/",
            // SCRAM authentication and its SASL preparation are shaded into it below its own name.
            "postgresql", "org/postgresql/");

    private static final String VERSION = System.getProperty("signet.version", "");

    @ParameterizedTest
    @ValueSource(strings = {"3.8", "3.9"})
    void holdsOurJarsAndWhatJamesLacks(String james) throws IOException {
        Set<String> jars = new TreeSet<>();
        for (String name : zip(james).keySet()) {
            if (name.startsWith("extensions-jars/") && !name.endsWith("/")) {
                jars.add(name.substring("extensions-jars/".length()).replaceAll("-[0-9][0-9A-Za-z.-]*\\.jar$", ""));
            }
        }

        assertThat(jars).containsExactly(
                "HikariCP",
                "flyway-core",
                "flyway-database-cockroachdb",
                "flyway-database-postgresql",
                "h2",
                "icu4j",
                "postgresql",
                "signet-dns-policy",
                "signet-mailets",
                "signet-matchers");
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.8", "3.9"})
    void holdsNoClassesOfAnybodyElse(String james) throws IOException {
        int classes = 0;
        for (Map.Entry<String, byte[]> jar : zip(james).entrySet()) {
            if (!jar.getKey().endsWith(".jar")) {
                continue;
            }
            String jarName = jar.getKey().substring(jar.getKey().lastIndexOf('/') + 1);
            String allowed = OTHERS.getOrDefault(jarName.substring(0, jarName.indexOf('-')), "dev/signet/");
            for (String name : entries(jar.getValue()).keySet()) {
                if (name.endsWith(".class") && !name.endsWith("module-info.class")) {
                    assertThat(name.replaceFirst("^META-INF/versions/[0-9]+/", "")).as("in %s", jar.getKey()).matches("(" + allowed + ").*");
                    classes++;
                }
            }
        }

        assertThat(classes).isGreaterThan(1000);
    }

    /** A class of ours names those of the mail API that it uses; names of the other line would not be found. */
    @ParameterizedTest
    @ValueSource(strings = {"3.8", "3.9"})
    void speaksTheMailApiOfItsJames(String james) throws IOException {
        String own = james.equals("3.8") ? "javax" : "jakarta";
        String other = james.equals("3.8") ? "jakarta" : "javax";
        int naming = 0;
        for (Map.Entry<String, byte[]> jar : zip(james).entrySet()) {
            if (!jar.getKey().matches("extensions-jars/signet-.*\\.jar")) {
                continue;
            }
            for (Map.Entry<String, byte[]> entry : entries(jar.getValue()).entrySet()) {
                if (entry.getKey().endsWith(".class")) {
                    String constants = new String(entry.getValue(), StandardCharsets.ISO_8859_1);
                    assertThat(constants).as(entry.getKey()).doesNotContain(other + "/mail/", other + "/inject/");
                    naming += constants.contains(own + "/mail/") ? 1 : 0;
                }
            }
        }

        assertThat(naming).isGreaterThan(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.8", "3.9"})
    void overwritesNoFileOfJames(String james) throws IOException {
        assertThat(zip(james).keySet())
                .filteredOn(name -> name.startsWith("conf/") && !name.endsWith("/"))
                .allMatch(name -> name.equals("conf/signet.properties") || name.startsWith("conf/signet-samples/"))
                .contains(
                        "conf/signet.properties",
                        "conf/signet-samples/extensions.properties",
                        "conf/signet-samples/mx/mailetcontainer.xml",
                        "conf/signet-samples/mx/smtpserver.xml",
                        "conf/signet-samples/spf/mailetcontainer.xml",
                        "conf/signet-samples/spf/smtpserver.xml",
                        "conf/signet-samples/spf/signet.properties",
                        "conf/signet-samples/reports/mailetcontainer.xml",
                        "conf/signet-samples/reports/smtpserver.xml",
                        "conf/signet-samples/reports/signet.properties",
                        "conf/signet-samples/forward/mailetcontainer.xml",
                        "conf/signet-samples/forward/smtpserver.xml",
                        "conf/signet-samples/forward/signet.properties",
                        "conf/signet-samples/trusted-sealer/mailetcontainer.xml",
                        "conf/signet-samples/trusted-sealer/smtpserver.xml",
                        "conf/signet-samples/trusted-sealer/signet.properties",
                        "conf/signet-samples/trusted-sealer/trusted-sealers",
                        "conf/signet-samples/list/mailetcontainer.xml",
                        "conf/signet-samples/list/smtpserver.xml",
                        "conf/signet-samples/list/signet.properties",
                        "conf/signet-samples/list/talk-footer.txt",
                        "conf/signet-samples/outbound/mailetcontainer.xml",
                        "conf/signet-samples/outbound/smtpserver.xml");
        assertThat(zip(james)).containsKey("INSTALL.md");
    }

    private static Map<String, byte[]> zip(String james) throws IOException {
        return entries(Files.readAllBytes(Path.of("target", "signet-" + VERSION + "-james-" + james + ".zip")));
    }

    private static Map<String, byte[]> entries(byte[] zip) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (InputStream bytes = new ByteArrayInputStream(zip); ZipInputStream in = new ZipInputStream(bytes)) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                entries.put(entry.getName(), in.readAllBytes());
            }
        }
        return entries;
    }
}
