package io.dualwrite.ladder;

import org.jspecify.annotations.Nullable;

/** A live instance as the registry shows it: where it stands and what its file asks for. Immutable. */
public final class Member {
    public final String name;
    public final Rung rung;
    /** The rung that it has left but not yet drained; it counts as standing there too. Null once drained. */
    public final @Nullable Rung movingFrom;

    public final Phase asked;

    public Member(String name, Rung rung, @Nullable Rung movingFrom, Phase asked) {
        this.name = name;
        this.rung = rung;
        this.movingFrom = movingFrom;
        this.asked = asked;
    }

    /** Whether nothing of the rung before is open any more. */
    public boolean drained() {
        return movingFrom == null;
    }

    /** Whether it stands nowhere but on these two rungs. */
    public boolean within(Rung one, Rung another) {
        return (rung == one || rung == another) && (movingFrom == null || movingFrom == one || movingFrom == another);
    }

    /** Whether every rung that it stands on is the given one or a neighbour of it. */
    public boolean near(Rung other) {
        return rung.near(other) && (movingFrom == null || movingFrom.near(other));
    }

    @Override
    public String toString() {
        return name + " on " + (movingFrom == null ? "" : movingFrom + ">") + rung + ", asked for " + asked.number();
    }
}
