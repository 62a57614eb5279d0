// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** James 3.8 brings an older dnsjava than the one that we are built with. */
@Timeout(180)
class DnsjavaOfJames38IT {

    @Test
    void questionsThatAreAskedAtOnceDoNotWaitForTheSelectorsTimeOut() throws Exception {
        // What comes first is taken.
        String classPath = TestBuild.james38() + "/*" + File.pathSeparator + System.getProperty("java.class.path");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", classPath, QueriesAtOnce.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();

        Matcher result = Pattern.compile(QueriesAtOnce.SLOW + "(\\d+) with .*/dnsjava-3\\.5\\..*").matcher(said);
        assertThat(result.find()).as(said).isTrue();
        System.out.println("DnsjavaOfJames38IT: " + result.group() + ", of " + QueriesAtOnce.ROUNDS);
        // Without help 20 and more. The machine itself may stand still once.
        assertThat(Integer.parseInt(result.group(1))).isLessThanOrEqualTo(2);
    }
}
