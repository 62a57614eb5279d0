// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.Map;

class ReportSettingsTest {

    private static ReportSettings settings(Map<String, String> values) {
        return Settings.of(new Parameters("conf/signet.properties", values)).reports();
    }

    @Test
    void recordNothingUnlessTheyAreToldTo() {
        assertThat(settings(Map.of()).on()).isFalse();
    }

    @Test
    void keepTheBuiltInDatabaseInVar(@TempDir Path directory) {
        ReportSettings settings = settings(Map.of("reports", "true"));

        assertThat(settings.database(MailWorld.fileSystem(directory)).url()).startsWith("jdbc:h2:file:" + directory.resolve("var/signet/reports"));
        assertThat(settings.journal(MailWorld.fileSystem(directory))).isEqualTo(directory.resolve("var/signet/journal"));
        assertThat(settings.retentionDays()).isEqualTo(30);
    }

    @Test
    void nameAServerForSeveralNodes(@TempDir Path directory) {
        var database = settings(Map.of(
                        "reports.database", "jdbc:postgresql://db.example.org/signet", "reports.user", "james", "reports.password", "pw"))
                .database(MailWorld.fileSystem(directory));

        assertThat(database.url()).isEqualTo("jdbc:postgresql://db.example.org/signet");
        assertThat(database.user()).isEqualTo("james");
        assertThat(database.toString()).doesNotContain("pw");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "reports | yes | found \"yes\", expected true or false",
        "reports.retention | 4000 days | found \"4000 days\", expected a duration from PT0S to PT87600H, such as \"10 s\" or \"PT10S\"",
        "reports.retention | 4 days | found \"4 days\", expected at least 5 days: reports about a day are tried for 3 days after it",
        "reports.except | @example.com | found @example.com, expected example.com or *.example.com",
        "reports.database | jdbc:mysql://x/y | found \"jdbc:mysql://x/y\", expected jdbc:postgresql://host/database or jdbc:h2:file:/path"
    })
    void sayWhatIsWrong(String name, String value, String problem) {
        assertThatThrownBy(() -> settings(Map.of(name, value)))
                .isInstanceOf(ParameterException.class)
                .hasMessage("conf/signet.properties: " + name + ": " + problem);
    }

    @Test
    void refuseAPasswordThatTheBuiltInDatabaseWouldNotUse() {
        assertThatThrownBy(() -> settings(Map.of("reports.password", "pw")))
                .hasMessage("conf/signet.properties: reports.database: found \"file://var/signet/reports\", expected "
                        + "jdbc:postgresql://host/database or jdbc:h2:file:/path beside reports.user and reports.password");
    }
}
