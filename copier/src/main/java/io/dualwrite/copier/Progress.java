package io.dualwrite.copier;

/** Hears how far a run is. */
public interface Progress {
    /** A progress that nobody watches. */
    Progress SILENT = new Progress() {
        @Override
        public void begin(String what, long rows) {}

        @Override
        public void advance(long rows) {}

        @Override
        public void note(String sentence) {}
    };

    /**
     * The run turns to a table.
     *
     * @param what the step and the table, such as {@code copy orders}
     * @param rows about how many rows will be looked at, or -1 where that is not known
     */
    void begin(String what, long rows);

    /** So many more rows were looked at. */
    void advance(long rows);

    /** Something that the operator should know, in one sentence. */
    void note(String sentence);
}
