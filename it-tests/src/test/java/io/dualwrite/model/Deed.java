package io.dualwrite.model;

/**
 * One statement of a writer's. A row is a group (0 or 1) and an amount, which tells by its parts who changed it: writer 0 sets
 * 8 or adds 1, writer 1 sets 16 or adds 2, writer 2 sets 24 or adds 4.
 *
 * @param row the row, where it is named by its key; else 0
 */
record Deed(Kind kind, int row) {
    enum Kind {
        INSERT("inserts"),
        /** UPDATE … SET amount = … WHERE id = … */
        SET("sets the amount of"),
        /** UPDATE … SET amount = amount + … WHERE id = … */
        ADD("adds to"),
        /** UPDATE … SET grp = 1 WHERE id = … */
        MOVE("moves to group 1"),
        DELETE("deletes"),
        /** SELECT … FOR UPDATE, then UPDATE … SET amount = what was read, plus something. */
        READ_MODIFY_WRITE("sets, from what it read,"),
        /** UPDATE … SET amount = amount + … WHERE grp = 0 */
        ADD_TO_GROUP("adds to group 0, hitting"),
        /** UPDATE … SET amount = (what differs from server to server) WHERE id = … */
        STAMP("stamps by the server's own clock");

        final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    /** No row. */
    static final int ABSENT = 0;
    /** A row of group 0 and amount 0. */
    static final int PLAIN = 1;

    static Deed of(Kind kind, int row) {
        return new Deed(kind, row);
    }

    boolean byKey() {
        return kind != Kind.ADD_TO_GROUP;
    }

    /** Whether the statement hits the same row and gives it the same values wherever it runs (R25). */
    boolean sameOnBothSides() {
        return byKey() && kind != Kind.STAMP;
    }

    /** Whether the statement looks for the row at all. */
    boolean wants(int row, int value) {
        return byKey() ? row == this.row : value != ABSENT && group(value) == 0;
    }

    /** The row's value afterwards. */
    int change(int value, int writer, int seen, boolean onNew) {
        int group = value == ABSENT ? 0 : group(value);
        return switch (kind) {
            case INSERT, SET -> row(group, 8 * (writer + 1));
            case ADD, ADD_TO_GROUP -> row(group, amount(value) + (1 << writer));
            case MOVE -> row(1, amount(value));
            case DELETE -> ABSENT;
            case READ_MODIFY_WRITE -> row(group, amount(seen) + (1 << writer));
            case STAMP -> row(group, onNew ? 9 : 8);
        };
    }

    static int row(int group, int amount) {
        return PLAIN + (amount % 32) * 2 + group;
    }

    static int group(int value) {
        return (value - PLAIN) % 2;
    }

    static int amount(int value) {
        return value == ABSENT ? 0 : (value - PLAIN) / 2;
    }

    static String words(int value) {
        return value == ABSENT ? "absent" : "amount " + amount(value) + (group(value) == 0 ? "" : " in group 1");
    }
}
