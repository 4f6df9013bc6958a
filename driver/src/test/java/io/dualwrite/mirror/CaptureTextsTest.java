package io.dualwrite.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.dialect.TableShape;
import io.dualwrite.sql.Classification;
import io.dualwrite.sql.SqlFlavour;
import io.dualwrite.sql.StatementClassifier;
import io.dualwrite.sql.TableName;
import java.util.List;
import org.junit.jupiter.api.Test;

class CaptureTextsTest {
    private static final String SQL = "DELETE FROM item";

    private final CaptureTexts texts = new CaptureTexts();
    private final Classification statement = read();
    private final TableShape table = shape();
    private int made;

    private static Classification read() {
        return StatementClassifier.of(SqlFlavour.H2).classify(SQL);
    }

    private static TableShape shape() {
        return new TableShape(TableName.of("item"), List.of(), List.of(), List.of(), List.of(), List.of(), List.of());
    }

    private String of(String sql, Classification as, TableShape of) {
        return texts.of(sql, as, of, () -> "capture " + ++made);
    }

    @Test
    void sameTextAndTable_isMadeOnce() {
        assertThat(of(SQL, statement, table)).isEqualTo("capture 1");
        assertThat(of(SQL, statement, table)).isEqualTo("capture 1");
    }

    @Test
    void tableThatLooksDifferent_orTextThatIsReadAnew_isMadeAnew() {
        of(SQL, statement, table);
        assertThat(of(SQL, statement, shape())).isEqualTo("capture 2");
        assertThat(of(SQL, read(), table)).isEqualTo("capture 3");
    }

    @Test
    void sixtyFifthText_takesThePlaceOfTheOneUsedLongestAgo() {
        for (int i = 0; i < 64; i++) {
            of("text " + i, statement, table);
        }
        of("text 0", statement, table);
        of("text 64", statement, table);
        assertThat(of("text 0", statement, table)).isEqualTo("capture 1");
        assertThat(of("text 1", statement, table)).isEqualTo("capture 66");
    }

    @Test
    void longText_isNotKept() {
        String text = "x".repeat(4_097);
        of(text, statement, table);
        assertThat(of(text, statement, table)).isEqualTo("capture 2");
    }
}
