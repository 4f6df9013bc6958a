package io.dualwrite.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code docs/proof.md} has a row for each rule, and names only what there is. */
final class ProofTableTest {
    private static final Path ROOT = Path.of("..");

    private static String text() throws IOException {
        return Files.readString(ROOT.resolve("docs").resolve("proof.md"));
    }

    @Test
    void table_hasAllRules_andNamesOnlyWhatExists() throws IOException {
        assertThat(new ProofTable(ROOT).faults(text())).isEmpty();
    }

    @Test
    void rowThatIsMissing_isFound() throws IOException {
        String planted = text().replaceFirst("(?m)^\\| R14 \\|.*$", "");

        assertThat(new ProofTable(ROOT).faults(planted)).containsExactly("no row for R14");
    }

    @Test
    void testThatDoesNotExist_isFound() throws IOException {
        String planted = text().replaceFirst("`MirrorFaultIT\\.failed", "`MirrorFaultIT.unfailed");

        assertThat(new ProofTable(ROOT).faults(planted))
                .hasSize(1)
                .first()
                .asString()
                .contains("MirrorFaultIT.unfailed", "which is not there");
    }

    @Test
    void switchThatIsNotNamed_isFound() throws IOException {
        String planted = text().replace("`Rule.R16`", "`Rule.R17`");

        assertThat(new ProofTable(ROOT).faults(planted)).containsExactly("R16 does not name the switch Rule.R16");
    }
}
