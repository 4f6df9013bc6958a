package io.dualwrite.simulation;

/** One write of the application's, told apart from all others, and what the application knows of it. */
final class Stamp {
    /** What the application was told. */
    enum Fate {
        /** Its transaction is open. */
        OPEN,
        ACKNOWLEDGED,
        UNDONE,
        /** It may have been committed or not. */
        UNKNOWN
    }

    final int number;
    /** The account whose amount it is added to, once; 0 for none. */
    final int account;
    /** What is added: a power of two that no other write adds to the account. */
    final long amount;

    private Fate fate = Fate.OPEN;

    Stamp(int number, int account, long amount) {
        this.number = number;
        this.account = account;
        this.amount = amount;
    }

    Fate fate() {
        return fate;
    }

    /** What is known stays known. */
    void becomes(Fate known) {
        if (fate == Fate.OPEN) {
            fate = known;
        }
    }

    /** Whether a database that has it, or not, is as the application was told. */
    boolean allows(boolean there) {
        return switch (fate) {
            case ACKNOWLEDGED -> there;
            case UNDONE -> !there;
            case OPEN, UNKNOWN -> true;
        };
    }

    @Override
    public String toString() {
        return "write " + number + " (" + fate + ")";
    }
}
