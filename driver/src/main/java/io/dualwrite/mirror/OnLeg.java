package io.dualwrite.mirror;

import java.sql.SQLException;

/** Something done on one leg, with its answer. */
public interface OnLeg<T> {
    T run(Leg leg) throws SQLException;
}
