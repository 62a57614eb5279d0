// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.testing.ChildJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.File;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** James 3.8 brings an older dnsjava than the one that we are built with. */
@Timeout(180)
class DnsjavaOfJames38IT {

    @Test
    void questionsThatAreAskedAtOnceDoNotWaitForTheSelectorsTimeOut() throws Exception {
        // What comes first is taken.
        String classPath = TestBuild.james38() + "/*" + File.pathSeparator + System.getProperty("java.class.path");
        String said = ChildJvm.run(classPath, QueriesAtOnce.class);

        Matcher result = Pattern.compile(QueriesAtOnce.SLOW + "(\\d+) with .*/dnsjava-3\\.5\\..*").matcher(said);
        assertThat(result.find()).as(said).isTrue();
        System.out.println("DnsjavaOfJames38IT: " + result.group() + ", of " + QueriesAtOnce.ROUNDS);
        // Without help 20 and more. The machine itself may stand still once.
        assertThat(Integer.parseInt(result.group(1))).isLessThanOrEqualTo(2);
    }
}
