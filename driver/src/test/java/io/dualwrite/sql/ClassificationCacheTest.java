package io.dualwrite.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ClassificationCacheTest {
    private static final int CAPACITY = 2_048;
    private static final int MAX_LENGTH = 4_096;

    private final ClassificationCache cache = new ClassificationCache(CAPACITY, MAX_LENGTH);

    private static Classification read(String text) {
        return StatementReader.classify(text, SqlFlavour.H2);
    }

    @Test
    void aMillionTexts_takeNoMoreThanTheCapacity() {
        for (int i = 0; i < 1_000_000; i++) {
            cache.put(read("SELECT " + i));
        }
        assertThat(cache.size()).isBetween(CAPACITY / 2, CAPACITY);
    }

    /** Even where they come round and round. */
    @Test
    void tenThousandTexts_areAllRemembered() {
        StatementClassifier classifier = StatementClassifier.of(SqlFlavour.H2);
        List<Classification> first = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            first.add(classifier.classify("SELECT name FROM title WHERE id = " + i));
        }
        int remembered = 0;
        for (int i = 0; i < 10_000; i++) {
            remembered += classifier.classify("SELECT name FROM title WHERE id = " + i) == first.get(i) ? 1 : 0;
        }
        assertThat(remembered).isGreaterThan(9_800);
    }

    @Test
    void textsInUse_surviveAFloodOfOthers() {
        List<String> used = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            used.add("SELECT name FROM title WHERE id = " + i);
            cache.put(read(used.get(i)));
        }
        for (int i = 0; i < 100_000; i++) {
            if (i % 100 == 0) {
                used.forEach(cache::get);
            }
            cache.put(read("SELECT " + i));
        }
        long remembered = used.stream().filter(text -> cache.get(text) != null).count();
        assertThat(remembered).isGreaterThanOrEqualTo(99);
    }

    @Test
    void longTexts_areNotKept() {
        StringBuilder text = new StringBuilder("SELECT 1 -- ");
        while (text.length() <= MAX_LENGTH) {
            text.append('x');
        }
        cache.put(read(text.toString()));
        assertThat(cache.size()).isZero();
        cache.put(read(text.substring(0, MAX_LENGTH)));
        assertThat(cache.size()).isEqualTo(1);
    }

    @Test
    void anEqualText_givesTheSameClassification() {
        StatementClassifier classifier = StatementClassifier.of(SqlFlavour.POSTGRESQL);
        Classification first = classifier.classify("SELECT * FROM title");
        assertThat(classifier.classify(new String("SELECT * FROM title"))).isSameAs(first);
    }

    @Test
    void threads_getTheirOwnTextsAnswer() throws Exception {
        StatementClassifier classifier = StatementClassifier.of(SqlFlavour.POSTGRESQL);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> runs = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                int step = thread + 1;
                runs.add(threads.submit(() -> {
                    for (int i = 0; i < 20_000; i++) {
                        String table = "t" + i * step % 5_000;
                        assertThat(classifier.classify("SELECT * FROM " + table).reads())
                                .containsExactly(TableName.of(table));
                    }
                }));
            }
            for (Future<?> run : runs) {
                run.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Also where one text took the place of another, which a small cache of many texts sees to. */
    @Test
    void whatLeavesNothing_isKnownOfNoOtherText() {
        ClassificationCache small = new ClassificationCache(16, MAX_LENGTH);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            texts.add(i % 3 == 0 ? "SET SCHEMA_SEARCH_PATH s" + i : "SELECT " + i);
        }
        for (String text : texts) {
            small.put(read(text));
            assertThat(small.knowsToLeaveNothing(text)).as(text).isEqualTo(!text.startsWith("SET"));
            for (String other : texts) {
                assertThat(other.startsWith("SET") && small.knowsToLeaveNothing(other))
                        .as(other)
                        .isFalse();
            }
        }
    }

    @Test
    void whatLeavesNothing_isToldAsByTheClassification() {
        StatementClassifier classifier = StatementClassifier.of(SqlFlavour.POSTGRESQL);
        for (int round = 0; round < 2; round++) {
            assertThat(classifier.leavesNothing("SELECT * FROM title")).isTrue();
            assertThat(classifier.leavesNothing(new String("SELECT * FROM title")))
                    .isTrue();
            assertThat(classifier.leavesNothing("SET search_path = other")).isFalse();
        }
    }
}
