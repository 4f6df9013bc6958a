package io.dualwrite.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jooq.impl.DSL.field;

import io.dualwrite.DualWriteDataSource;
import io.dualwrite.ladder.Rung;
import java.nio.file.Path;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Query;
import org.jooq.Record;
import org.jooq.SQLDialect;
import org.jooq.Table;
import org.jooq.conf.RenderQuotedNames;
import org.jooq.conf.Settings;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** jOOQ: INSERT … RETURNING, which is FINAL TABLE on H2; batches, nested transactions, rows that are locked. */
class JooqIT {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"h2, h2, H2", "postgres, postgres, POSTGRES"})
    void context_walksTheLadderUpAndDown(String oldVendor, String newVendor, SQLDialect dialect) throws Exception {
        try (Migration migration = new Migration(folder, oldVendor, newVendor)) {
            migration.onBoth("CREATE TABLE measure (id {id}, sensor VARCHAR(60) NOT NULL, reading INT NOT NULL)");
            DualWriteDataSource source = new DualWriteDataSource();
            source.setFile(migration.file().toString());
            migration.walk(new Station(DSL.using(
                    source,
                    dialect,
                    new Settings()
                            .withExecuteLogging(false)
                            .withRenderQuotedNames(RenderQuotedNames.EXPLICIT_DEFAULT_UNQUOTED))));
        }
    }

    private static final class Station implements Client {
        private static final Table<Record> MEASURES = DSL.table(DSL.unquotedName("measure"));

        private final DSLContext context;
        private int kept;

        Station(DSLContext context) {
            this.context = context;
        }

        @Override
        public void work(Rung rung) {
            Field<Long> id = field(DSL.unquotedName("id"), Long.class);
            Field<String> sensor = field(DSL.unquotedName("sensor"), String.class);
            Field<Integer> reading = field(DSL.unquotedName("reading"), Integer.class);
            Record inserted = context.insertInto(MEASURES, sensor, reading)
                    .values("first on " + rung, 1)
                    .returningResult(id)
                    .fetchOne();
            assertThat(inserted).as("on %s", rung).isNotNull();
            long first = inserted == null ? 0 : inserted.get(id);
            assertThat(first).isPositive();
            int[] counts = context.batch(
                            context.insertInto(MEASURES, sensor, reading).values("second on " + rung, 2),
                            context.update(MEASURES)
                                    .set(reading, reading.plus(10))
                                    .where(id.eq(first)),
                            context.deleteFrom(MEASURES).where(reading.lt(0)))
                    .execute();
            assertThat(counts).containsExactly(1, 1, 0);
            kept += 2;
            nested(id, reading, first);
            assertThat(context.fetchCount(MEASURES)).isEqualTo(kept);
            assertThat(context.select(reading)
                            .from(MEASURES)
                            .where(id.eq(first))
                            .fetchOne(reading))
                    .isEqualTo(12);
        }

        private void nested(Field<Long> id, Field<Integer> reading, long first) {
            context.transaction(outer -> {
                outer.dsl()
                        .select(id)
                        .from(MEASURES)
                        .where(id.eq(first))
                        .forUpdate()
                        .fetch();
                Query raise = outer.dsl()
                        .update(MEASURES)
                        .set(reading, reading.plus(1))
                        .where(id.eq(first));
                assertThat(raise.execute()).isOne();
                assertThatThrownBy(() -> outer.dsl().transaction(inner -> {
                            inner.dsl().deleteFrom(MEASURES).where(id.eq(first)).execute();
                            throw new IllegalStateException("changed its mind");
                        }))
                        .isInstanceOf(IllegalStateException.class);
            });
        }
    }
}
