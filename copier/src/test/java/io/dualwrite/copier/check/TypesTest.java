package io.dualwrite.copier.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.dialect.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class TypesTest {
    @ParameterizedTest
    @CsvSource({
        "INTEGER, DECIMAL, ALL",
        "DECIMAL, INTEGER, SOME",
        "INTEGER, DOUBLE, SOME",
        "BOOLEAN, INTEGER, ALL",
        "INTEGER, BOOLEAN, SOME",
        "DATE, TIMESTAMP, ALL",
        "TIMESTAMP, DATE, SOME",
        "TIMESTAMP, TIMESTAMP_TZ, ALL",
        "TIME, TIMESTAMP, NONE",
        "UUID, BINARY, ALL",
        "BINARY, UUID, SOME",
        "BINARY, TEXT, NONE",
        "TEXT, BINARY, NONE",
        "JSON, TEXT, ALL",
        "TEXT, JSON, SOME",
        "UUID, INTEGER, NONE",
        "OTHER, TEXT, NONE"
    })
    void wayOfAKind(Kind from, Kind to, Types.Way way) {
        assertThat(Types.way(from, to, false)).isEqualTo(way);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void sameKindOfTheSameVendor_goesWhole(Kind kind) {
        assertThat(Types.way(kind, kind, true)).isEqualTo(Types.Way.ALL);
    }
}
