package io.dualwrite.ladder;

/** What the properties file asks for: the steps of the procedure, by the numbers an operator writes. */
public enum Phase {
    /** Old only; the copier runs for days. Also written 0. */
    ONE(1, Rung.OLD_ONLY),
    /** Old only; Data B's batches are stopped and Data B is copied once more. */
    TWO(2, Rung.OLD_ONLY),
    /** Both are written, old is read. Also written 4. */
    THREE(3, Rung.DUAL_READ_OLD),
    /** Both are written, new is read. */
    FIVE(5, Rung.DUAL_READ_NEW),
    /** New only. */
    SIX(6, Rung.NEW_ONLY);

    private final int number;
    private final Rung rung;

    Phase(int number, Rung rung) {
        this.number = number;
        this.rung = rung;
    }

    /** The number that the operator writes: 1, 2, 3, 5 or 6. */
    public int number() {
        return number;
    }

    /** The rung on which an instance comes to rest when the whole fleet asks for this phase. */
    public Rung rung() {
        return rung;
    }

    /**
     * The phase of a number in the file.
     *
     * @param number 0 to 6; 0 means 1 and 4 means 3
     * @throws IllegalArgumentException if the number is none of these
     */
    public static Phase of(int number) {
        switch (number) {
            case 0:
            case 1:
                return ONE;
            case 2:
                return TWO;
            case 3:
            case 4:
                return THREE;
            case 5:
                return FIVE;
            case 6:
                return SIX;
            default:
                throw new IllegalArgumentException("phase " + number + " does not exist; it is one of 1, 2, 3, 5, 6");
        }
    }
}
