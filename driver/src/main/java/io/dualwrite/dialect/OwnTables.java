package io.dualwrite.dialect;

/**
 * Names of the tables that {@code dualwrite init} makes on both sides. Their columns, everywhere in this order and in types
 * that all vendors share (times are milliseconds since 1970 by the server's clock):
 *
 * <ul>
 *   <li>{@code dualwrite_mark}: id VARCHAR(40), seq INT, table_name VARCHAR(200), row_key VARCHAR(600) NULL (the keys of rows
 *       as {@link MarkedKeys} has them; null: the whole table), row_count INT (how many rows these are; 1 for a whole table),
 *       reason VARCHAR(400), instance VARCHAR(100), epoch BIGINT, marked_at BIGINT; key (id, seq). Rows from seq 0 up, on the
 *       side that commits first, say what may differ; the row of seq {@value #ID_ALONE} on the other side has the id alone, and
 *       says that the transaction has committed there too (R12)
 *   <li>{@code dualwrite_instance}: name VARCHAR(100) key, incarnation VARCHAR(40), rung VARCHAR(20), moving_from VARCHAR(20)
 *       NULL (set while draining), asked INT, arrived_at BIGINT, heartbeat_at BIGINT, gone INT, waits_for VARCHAR(400),
 *       fingerprint VARCHAR(64), fleet_size INT, paused INT (1: nothing is mirrored to old for the moment, 2: to new, 3: to neither),
 *       client VARCHAR(100) (the instance's address as the side's server sees it)
 *   <li>{@code dualwrite_phase}: id INT key (always 1), migration VARCHAR(40), epoch BIGINT, pass_from INT NULL, pass_to INT
 *       NULL, pass_at BIGINT NULL, pass_evidence VARCHAR(2000) NULL, other_stale_since BIGINT NULL
 *   <li>{@code dualwrite_copy}: run VARCHAR(40), kind VARCHAR(20), direction VARCHAR(10), table_name VARCHAR(200), state
 *       VARCHAR(20), watermark VARCHAR(100) NULL, last_key VARCHAR(600) NULL, rows_done BIGINT, differences BIGINT, locked
 *       INT, started_at BIGINT, touched_at BIGINT, finished_at BIGINT NULL, detail VARCHAR(1000) NULL; key (run, kind, table_name)
 * </ul>
 */
public final class OwnTables {
    /** The reason of a mark that a write under way has made, and that a swallowed one leaves. */
    public static final String IN_FLIGHT = "in flight";

    public static final String PREFIX = "dualwrite_";
    public static final String MARK = "dualwrite_mark";
    public static final String INSTANCE = "dualwrite_instance";
    public static final String PHASE = "dualwrite_phase";
    public static final String COPY = "dualwrite_copy";

    /** The columns of {@link #MARK}, without row_count, which is 1 by default. */
    public static final String MARK_COLUMNS = "id, seq, table_name, row_key, reason, instance, epoch, marked_at";

    /** The {@code seq} of a row that has a mark's id alone. */
    public static final int ID_ALONE = -1;

    /** What a mark names in place of a table where any table may differ. */
    public static final String ANY_TABLE = "*";

    private OwnTables() {}
}
