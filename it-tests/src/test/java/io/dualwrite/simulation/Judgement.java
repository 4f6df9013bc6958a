package io.dualwrite.simulation;

import io.dualwrite.config.Settings;
import io.dualwrite.dialect.MarkedKeys;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is asked when all is at rest: whether rows differ that no mark covers, whether the real repair makes both sides equal, and
 * whether both then hold what the application was told.
 */
final class Judgement {
    private static final int MOST_REPAIRS = 3;

    private final World world;
    private final Settings settings;

    Judgement(World world, Settings settings) {
        this.world = world;
        this.settings = settings;
    }

    void pass() throws SQLException, InterruptedException {
        if (world.mayJudgeMarks()) {
            Set<String> marks = marks();
            for (String row : differing()) {
                if (!marks.contains(row) && !marks.contains(row.replaceFirst(" .*", " *")) && !marks.contains("* *")) {
                    world.expectation().violated("silent divergence: " + row + described(row) + ", marked " + marks);
                }
            }
        } else {
            new CopierRun(world, settings, Scenario.CopierWork.SYNC).run();
        }
        repairOn(world.scenario().rest());
        if (world.scenario().another().newWins()) {
            // What lies on new while old wins again stays, and repair says where to go for it.
            repairOn(world.scenario().another());
        }
        for (String row : differing()) {
            world.expectation().violated("differs after repair: " + row + described(row));
        }
        if (!marks().isEmpty()) {
            world.expectation().violated("marks stay after repair: " + marks());
        }
        for (Side side : Side.values()) {
            world.expectation().check(side.word(), world.bare(side));
        }
    }

    private void repairOn(Rung rung) throws SQLException, InterruptedException {
        Tables.stand(world, rung);
        for (int i = 0; i < MOST_REPAIRS && !marks().isEmpty(); i++) {
            new CopierRun(world, settings, Scenario.CopierWork.REPAIR).run();
        }
    }

    private String described(String row) throws SQLException {
        String[] words = row.split(" ", 2);
        int key = Integer.parseInt(words[1]);
        return " (old " + Tables.rows(world.bare(Side.OLD), words[0]).get(key) + ", new "
                + Tables.rows(world.bare(Side.NEW), words[0]).get(key) + ")";
    }

    /** Table and key of each row that is not the same on both sides. */
    private Set<String> differing() throws SQLException {
        Set<String> differing = new TreeSet<>();
        for (String table : Tables.NAMES) {
            Map<Integer, String> onOld = Tables.rows(world.bare(Side.OLD), table);
            Map<Integer, String> onNew = Tables.rows(world.bare(Side.NEW), table);
            Set<Integer> keys = new HashSet<>(onOld.keySet());
            keys.addAll(onNew.keySet());
            for (Integer key : keys) {
                String one = String.valueOf(onOld.get(key));
                if (!one.equals(String.valueOf(onNew.get(key)))) {
                    differing.add(table + ' ' + key);
                }
            }
        }
        return differing;
    }

    /** Table and key of each mark on either side, with a star for all. */
    private Set<String> marks() throws SQLException {
        Set<String> marks = new TreeSet<>();
        for (Side side : Side.values()) {
            try (Statement statement = world.bare(side).createStatement();
                    ResultSet rows = statement.executeQuery("SELECT LOWER(table_name), COALESCE(row_key, '*')"
                            + " FROM dualwrite_mark WHERE seq >= 0")) {
                while (rows.next()) {
                    String table = rows.getString(1);
                    MarkedKeys.split(rows.getString(2)).forEach(key -> marks.add(table + ' ' + key));
                }
            }
        }
        return marks;
    }
}
