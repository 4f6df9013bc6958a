package io.dualwrite.copier.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spellings as PostgreSQL, MariaDB and H2 give them. */
final class DefaultsTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "'open'::character varying, 'open'",
                "\"'a,b'\", \"'a,b'::text\"",
                "0.00, 0",
                "(0)::numeric, 0",
                "true, 1",
                "FALSE, 0",
                "b'0', 0",
                "now(), current_timestamp()",
                "CURRENT_TIMESTAMP, current_timestamp(6)",
                "LOCALTIMESTAMP, CURRENT_TIMESTAMP",
                "\"'3'::numeric(10,2)\", 3"
            })
    void sameDefault_isOneSpelling(String one, String other) {
        assertThat(Defaults.normal(one)).isEqualTo(Defaults.normal(other)).isNotNull();
    }

    @Test
    void noDefault_hasManySpellings() {
        assertThat(Defaults.normal(null)).isNull();
        assertThat(Defaults.normal("NULL")).isNull();
        assertThat(Defaults.normal("NULL::character varying")).isNull();
    }

    @Test
    void otherDefaults_stayApart() {
        assertThat(Defaults.normal("'open'")).isNotEqualTo(Defaults.normal("'Open'"));
        assertThat(Defaults.normal("1")).isNotEqualTo(Defaults.normal("2"));
    }
}
