package io.dualwrite.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import org.junit.jupiter.api.Test;

class SettingsDocumentTest {
    private static final Path DOCUMENT = Paths.get("..", "docs", "settings.md");

    @Test
    void documentedTable_isMadeFromTheSettings() throws Exception {
        if (Boolean.getBoolean("dualwrite.write.docs")) {
            Files.createDirectories(DOCUMENT.getParent());
            Files.write(DOCUMENT, table().getBytes(UTF_8));
        }
        assertThat(Files.exists(DOCUMENT) ? new String(Files.readAllBytes(DOCUMENT), UTF_8) : "no such file")
                .as("docs/settings.md; make it anew with: "
                        + "mvn -pl driver test -Dtest=SettingsDocumentTest -DargLine=-Ddualwrite.write.docs=true")
                .isEqualTo(table());
    }

    private static String table() {
        StringBuilder text = new StringBuilder("# The properties file\n\n")
                .append(
                        "UTF-8, in the format of `java.util.Properties`. `${env:NAME}` stands for an environment variable,")
                .append(
                        " `${file:/path}` for a file's\ncontent without its last line break. A change is adopted when two")
                .append(" looks in a row agree and the whole file is valid.\n\n")
                .append("This table is made from the code; do not edit it.\n\n")
                .append("| key | default | what it may be | what it is for |\n|---|---|---|---|\n");
        for (Setting setting : Setting.values()) {
            String fallback = setting.fallback();
            text.append("| `")
                    .append(setting.named() ? setting.prefix() + "NAME" : setting.key())
                    .append("` | ")
                    .append(fallback == null ? "must be there" : fallback.isEmpty() ? "none" : fallback)
                    .append(" | ")
                    .append(setting.allowed().replace("*", "\\*"))
                    .append(" | ")
                    .append(setting.sentence())
                    .append(" |\n");
        }
        return text.toString();
    }
}
