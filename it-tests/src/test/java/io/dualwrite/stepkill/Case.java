package io.dualwrite.stepkill;

/**
 * One fault at one site.
 *
 * @param number where the case has its rows
 * @param amidRepair whether what comes late comes while a repair runs, and not before it
 */
record Case(int number, Site site, Fault fault, boolean amidRepair) {
    Work.Rows rows() {
        return new Work.Rows(number);
    }

    /** The same with other rows. */
    Case at(int otherNumber) {
        return new Case(otherNumber, site, fault, amidRepair);
    }

    @Override
    public String toString() {
        return site + " " + fault + (amidRepair ? " amid repair" : "");
    }
}
