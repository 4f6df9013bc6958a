package io.dualwrite.mirror;

/** On which terms the application has its statement run, whichever statement of a vendor's does it. Immutable. */
public final class Terms {
    /** Those of a statement of which nothing was said. */
    public static final Terms USUAL = new Terms(0, true, 0);

    public final int timeoutSeconds;
    final boolean escapes;
    /** How many rows the application is given at most, 0 for all; those that are captured for the mirror are all. */
    public final long maxRows;

    private Terms(int timeoutSeconds, boolean escapes, long maxRows) {
        this.timeoutSeconds = timeoutSeconds;
        this.escapes = escapes;
        this.maxRows = maxRows;
    }

    /** With a query timeout in seconds, 0 for none. */
    public Terms timeout(int seconds) {
        return new Terms(seconds, escapes, maxRows);
    }

    /** With JDBC's escapes processed, or left to the server as they are. */
    public Terms escapes(boolean processed) {
        return new Terms(timeoutSeconds, processed, maxRows);
    }

    /** With so many rows at most, 0 for all. */
    public Terms maxRows(long most) {
        return new Terms(timeoutSeconds, escapes, most);
    }
}
