package io.dualwrite.mirror;

import io.dualwrite.dialect.TableShape;
import io.dualwrite.sql.TableName;
import io.dualwrite.sql.Verb;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The mirror's part of one write of images, and of those that wait behind it by the time it begins: rows of one table go to the server
 * in one message then (R3). For the lane's thread alone, once it runs.
 */
final class MirrorImages implements Lane.Task {
    private static final int MOST_WRITES = 32;

    /** What one write did on the first side, and the table that its text names there. */
    static final class Write {
        private final Captured captured;
        private final Verb verb;
        private final TableName table;
        private final @Nullable String abroad;

        /** @param abroad where unqualified names lead on the first side, or null at home */
        Write(Captured captured, Verb verb, TableName table, @Nullable String abroad) {
            this.captured = captured;
            this.verb = verb;
            this.table = table;
            this.abroad = abroad;
        }

        private boolean isUpsert() {
            return verb != Verb.DELETE && captured.formerKeys.isEmpty();
        }

        private boolean goesWith(Write next) {
            return isUpsert()
                    && next.isUpsert()
                    && captured.table == next.captured.table
                    && table.equals(next.table)
                    && Objects.equals(abroad, next.abroad);
        }
    }

    private final Leg leg;
    private final Catalogue catalogue;
    private final List<Write> writes = new ArrayList<>(1);

    MirrorImages(Leg leg, Catalogue catalogue, Write write) {
        this.leg = leg;
        this.catalogue = catalogue;
        writes.add(write);
    }

    /** Those of one table go in one message; others would be waited for longer than if the lane had begun before. */
    @Override
    public boolean goesWith(Lane.Task next) {
        return next instanceof MirrorImages
                && writes.size() < MOST_WRITES
                && writes.get(writes.size() - 1).goesWith(((MirrorImages) next).writes.get(0));
    }

    @Override
    public boolean absorb(Lane.Task next) {
        return goesWith(next) && writes.addAll(((MirrorImages) next).writes);
    }

    @Override
    public void run() throws SQLException {
        int at = 0;
        while (at < writes.size()) {
            Write first = writes.get(at);
            List<Captured> together = new ArrayList<>();
            together.add(first.captured);
            for (at++; at < writes.size() && first.goesWith(writes.get(at)); at++) {
                together.add(writes.get(at).captured);
            }
            TableShape target = catalogue.counterpart(leg, first.table, first.abroad);
            if (together.size() == 1) {
                Images.apply(leg, target, first.captured, first.verb);
            } else {
                Images.upsertTogether(leg, target, together);
            }
        }
    }
}
