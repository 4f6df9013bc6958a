package io.dualwrite.model;

/** What must never be reached. */
enum Violation {
    DIVERGED("the two sides differ, no mark is left, and nobody will ever know"),
    UNEXPLAINED(
            "no order of these transactions on one database gives what was acknowledged, read and left in the rows"),
    CROSS_DEADLOCK("they wait for each other across the two servers, and neither server sees it"),
    HANGS("the application's request waits for its mirror, and nothing bounds the wait"),
    CLEARED_IN_DOUBT("a mark was cleared while what it marks is still open on a server"),
    STUCK("nothing can happen any more");

    final String says;

    Violation(String says) {
        this.says = says;
    }
}
