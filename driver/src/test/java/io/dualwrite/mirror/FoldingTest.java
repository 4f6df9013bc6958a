package io.dualwrite.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.ladder.Side;
import java.util.Arrays;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class FoldingTest {
    private final Marks marks = new Marks("app-1", () -> 1);
    private final Folding folding = new Folding(marks);

    private Folding.Commit commit(String... tables) {
        return folding.new Commit(Side.OLD, Arrays.asList(tables));
    }

    @Test
    void manyRowsOfOneAbsence_areFolded_andCountedAnewWhenTheMirrorIsBack() {
        assertThat(folding.folds(Side.NEW, Folding.MOST_ROWS)).isFalse();
        assertThat(folding.folds(Side.NEW, 1)).isTrue();
        folding.mirrorIsBack();
        assertThat(folding.folds(Side.NEW, 1)).isFalse();
    }

    @Test
    void theNewestMarkOfEachTableIsKept() {
        commit("item", "author").ended("a");
        commit("item").ended("b");
        assertThat(marks.waiting(Side.OLD)).isEmpty();
        commit("author").ended("c");
        assertThat(marks.waiting(Side.OLD)).isEqualTo(Collections.singletonList("a"));
    }

    @Test
    void twoThatCommitAtTheSameTime_bothStay_untilOneCommitsAfterBoth() {
        Folding.Commit one = commit("item");
        Folding.Commit other = commit("item");
        other.ended("other");
        one.ended("one");
        assertThat(marks.waiting(Side.OLD)).isEmpty();
        commit("item").ended("later");
        assertThat(marks.waiting(Side.OLD)).containsExactlyInAnyOrder("one", "other");
    }
}
