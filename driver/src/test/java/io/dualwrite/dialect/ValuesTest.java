package io.dualwrite.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualwrite.sql.TableName;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ValuesTest {

    static Stream<Arguments> texts() {
        return Stream.of(
                Arguments.of(Kind.BOOLEAN, true, "true"),
                Arguments.of(Kind.INTEGER, Long.MIN_VALUE, "-9223372036854775808"),
                Arguments.of(Kind.DECIMAL, new BigDecimal("1E+3"), "1000"),
                Arguments.of(Kind.DECIMAL, new BigDecimal("1.500"), "1.5"),
                Arguments.of(Kind.DECIMAL, new BigDecimal("0.00"), "0"),
                Arguments.of(Kind.REAL, 0.1f, "0.1"),
                Arguments.of(Kind.DOUBLE, 1e-7, "0.0000001"),
                Arguments.of(Kind.DOUBLE, Double.NaN, "NaN"),
                Arguments.of(Kind.TEXT, " a|\\b ", " a|\\b "),
                Arguments.of(Kind.BINARY, new byte[] {0, -1, 16}, "00ff10"),
                Arguments.of(Kind.DATE, LocalDate.of(2024, 2, 29), "2024-02-29"),
                Arguments.of(Kind.TIME, LocalTime.of(1, 2), "01:02"),
                Arguments.of(Kind.TIMESTAMP, LocalDateTime.of(2024, 1, 1, 0, 0, 1), "2024-01-01T00:00:01"),
                Arguments.of(
                        Kind.TIMESTAMP_TZ,
                        OffsetDateTime.parse("2024-01-01T01:00:00.5+01:00"),
                        "2024-01-01T00:00:00.500Z"),
                Arguments.of(Kind.UUID, new UUID(1, 2), "00000000-0000-0001-0000-000000000002"));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void text_readsBack(Kind kind, Object value, String text) {
        assertThat(Values.text(value)).isEqualTo(text);
        assertThat(Values.text(Values.parse(kind, text))).isEqualTo(text);
        assertThat(Values.parse(kind, text)).hasSameClassAs(value);
    }

    @Test
    void parse_ofWhatIsNone_isRefused() {
        for (Kind kind : List.of(Kind.INTEGER, Kind.DECIMAL, Kind.DATE, Kind.TIMESTAMP_TZ, Kind.UUID, Kind.BINARY)) {
            assertThatThrownBy(() -> Values.parse(kind, "zz"))
                    .as(kind.name())
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void keyText_readsBack_withSeparatorsInside() {
        TableShape table = table(Kind.TEXT, Kind.INTEGER, Kind.TEXT);
        for (String part : List.of("", "|", "\\", "a\\|b|", "\\\\")) {
            RowKey key = new RowKey(new Object[] {part, 7L, part});
            assertThat(RowKey.parse(table, key.text()).values).containsExactly(part, 7L, part);
        }
        assertThatThrownBy(() -> RowKey.parse(table, "a|1")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RowKey.parse(table, "a|1|b|c")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"a\":1,\"b\":[1.0,\"x\"]}; {\"b\" : [1, \"\\u0078\"], \"a\":1e0}; true",
                "{\"a\":1,\"a\":2}; {\"a\":2}; true",
                "[1,2]; [2,1]; false",
                "{\"a\":1}; {\"a\":1,\"b\":null}; false",
                "\"1\"; 1; false",
                "null; false; false",
                "[]; {}; false",
                "{\"a\":1}; {\"a\":1}x; false",
                "not json; not json; true",
                "not json; no json; false"
            })
    void json_isComparedByWhatItSays(String one, String other, boolean same) {
        assertThat(JsonText.same(one, other)).isEqualTo(same);
        assertThat(JsonText.same(other, one)).isEqualTo(same);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            value = {
                "orders, orders",
                "shop.orders, orders",
                "\"Shop\".\"Or ders\", \"Or ders\"",
                "shop.orders AS o, o",
                "shop.orders o, o",
                "\"a\"\"b\" \"C d\", \"C d\"",
                "ONLY orders *, orders",
            })
    void qualifier_isTheAliasOrTheTablesName(String target, String qualifier) {
        assertThat(StandardSql.qualifier(target)).isEqualTo(qualifier);
    }

    private static TableShape table(Kind... kinds) {
        List<Column> columns = new ArrayList<>();
        for (Kind kind : kinds) {
            columns.add(Column.named("c" + columns.size(), kind, kind.name()).build());
        }
        return new TableShape(TableName.of("t"), columns, columns, List.of(), List.of(), List.of(), List.of());
    }
}
