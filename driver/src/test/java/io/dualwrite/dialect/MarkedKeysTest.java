package io.dualwrite.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MarkedKeysTest {
    private static RowKey key(Object... values) {
        return new RowKey(values);
    }

    private static List<String> throughMarks(List<String> keys) {
        List<String> back = new ArrayList<>();
        for (MarkedKeys some : MarkedKeys.of(keys)) {
            assertThat(some.text).hasSizeLessThanOrEqualTo(600);
            List<String> read = MarkedKeys.split(some.text);
            assertThat(read).hasSize(some.count);
            back.addAll(read);
        }
        return back;
    }

    @Test
    void numbers_areJoinedByCommas() {
        assertThat(MarkedKeys.of(List.of("1", "2", "3")).get(0).text).isEqualTo("1,2,3");
    }

    @Test
    void commasBackslashesBarsAndNothing_inAKey_areReadBack() {
        List<String> keys = List.of(
                key("a,b").text(),
                key("\\").text(),
                key("\\,").text(),
                key("|", ",|").text(),
                "",
                key(",\\,", "").text());
        assertThat(throughMarks(keys)).isEqualTo(keys);
        assertThat(throughMarks(List.of(""))).containsExactly("");
    }

    @Test
    void moreThanARowHolds_fillsRows() {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            keys.add(Integer.toString(100_000 + i));
        }
        assertThat(MarkedKeys.of(keys)).hasSize(6);
        assertThat(throughMarks(keys)).isEqualTo(keys);
    }

    @Test
    void none_isNone() {
        assertThat(MarkedKeys.of(List.of())).isEmpty();
    }

    @Test
    void keyThatWouldNotFitARow_isSaid() {
        assertThat(MarkedKeys.fits(key("x".repeat(600)))).isTrue();
        assertThat(MarkedKeys.fits(key("x".repeat(601)))).isFalse();
        assertThat(MarkedKeys.fits(key("x".repeat(599) + ","))).isFalse();
    }
}
