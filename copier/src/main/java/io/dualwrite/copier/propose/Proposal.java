package io.dualwrite.copier.propose;

import java.util.List;

/**
 * Which tables shall be Data A and which Data B, and why. Immutable.
 *
 * @param dataA names for the setting of that name
 * @param dataB names for the setting of that name
 * @param statements how many logged statements were looked at
 * @param notes what else the operator should know
 */
public record Proposal(
        List<String> dataA, List<String> dataB, List<Table> tables, long statements, List<String> notes) {

    /**
     * One table.
     *
     * @param dataClass A or B
     * @param why in clauses
     * @param neighbours the tables that foreign keys tie to it, over however many others
     */
    public record Table(String table, String dataClass, List<String> why, List<String> neighbours, TableSize size) {}
}
