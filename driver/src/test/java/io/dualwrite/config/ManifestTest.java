package io.dualwrite.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.sql.TableName;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ManifestTest {

    @Test
    void tables_areFoundByNameSchemaAndPattern_caseIgnored() throws Exception {
        Manifest manifest = manifest("title, public.download_*", "sales_*, stats.h*", "A");
        assertThat(manifest.classOf(TableName.of("TITLE"))).isEqualTo(Manifest.DataClass.A);
        assertThat(manifest.classOf(TableName.of("bookstore", "Title"))).isEqualTo(Manifest.DataClass.A);
        assertThat(manifest.classOf(TableName.of("public", "download_2024"))).isEqualTo(Manifest.DataClass.A);
        assertThat(manifest.classOf(TableName.of("Sales_Daily"))).isEqualTo(Manifest.DataClass.B);
        assertThat(manifest.classOf(TableName.of("stats", "hits"))).isEqualTo(Manifest.DataClass.B);
        assertThat(manifest.lists(TableName.of("other", "download_x"))).isFalse();
        assertThat(manifest.lists(TableName.of("stat", "hits"))).isFalse();
    }

    @Test
    void unlisted_countsAsTheFileSays() throws Exception {
        assertThat(manifest("a", "b", "A").classOf(TableName.of("c"))).isEqualTo(Manifest.DataClass.A);
        assertThat(manifest("a", "b", "B").classOf(TableName.of("c"))).isEqualTo(Manifest.DataClass.B);
        assertThat(manifest("a", "b", "refuse").classOf(TableName.of("c"))).isEqualTo(Manifest.DataClass.REFUSED);
        assertThat(manifest("a", "b", "A").lists(TableName.of("c"))).isFalse();
    }

    @Test
    void sameNameInSchemasOfBothClasses_withoutSchema_isMirrored() throws Exception {
        Manifest manifest = manifest("shop.title", "stats.title", "B");
        assertThat(manifest.classOf(TableName.of("stats", "title"))).isEqualTo(Manifest.DataClass.B);
        assertThat(manifest.classOf(TableName.of("title"))).isEqualTo(Manifest.DataClass.A);
    }

    @Test
    void patterns_overlapWhereSomeNameFitsBoth() {
        assertThat(overlap("a*", "*b")).isTrue();
        assertThat(overlap("a*c", "ab*")).isTrue();
        assertThat(overlap("a*c", "b*c")).isFalse();
        assertThat(overlap("sales_*", "sales")).isFalse();
        assertThat(overlap("*", "x.y")).isTrue();
        assertThat(overlap("x.y", "z.y")).isFalse();
        assertThat(overlap("x*.y", "xz.*")).isTrue();
    }

    private static boolean overlap(String one, String other) {
        boolean found = TablePattern.parse(one).overlaps(TablePattern.parse(other));
        assertThat(TablePattern.parse(other).overlaps(TablePattern.parse(one))).isEqualTo(found);
        return found;
    }

    private static Manifest manifest(String dataA, String dataB, String unlisted) throws SettingsException {
        Map<String, String> entries = new HashMap<>();
        entries.put("phase", "1");
        entries.put("old.url", "jdbc:h2:mem:old");
        entries.put("new.url", "jdbc:h2:mem:new");
        entries.put("dataA", dataA);
        entries.put("dataB", dataB);
        entries.put("unlisted", unlisted);
        return Settings.of(entries).manifest;
    }
}
