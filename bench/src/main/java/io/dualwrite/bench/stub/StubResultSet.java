package io.dualwrite.bench.stub;

import java.sql.ResultSet;

/** One row. */
abstract class StubResultSet implements ResultSet {
    private boolean before;
    private int number;
    private String text = "";

    final void open(int rowsNumber, String rowsText) {
        before = true;
        number = rowsNumber;
        text = rowsText;
    }

    @Override
    public boolean next() {
        boolean found = before;
        before = false;
        return found;
    }

    @Override
    public int getInt(int column) {
        return number;
    }

    @Override
    public String getString(int column) {
        return text;
    }

    @Override
    public void close() {}
}
