package io.dualwrite.contract;

import java.sql.Connection;

/**
 * A body of JDBC code and what it is called.
 *
 * @param dual what may differ where both databases are written
 * @param writes whether the tables must be made anew after it
 */
record Case(String name, Dual dual, boolean writes, Body body) {

    /** What may differ where both databases are written. */
    enum Dual {
        /** Nothing. */
        SAME,
        /** It may be marked in 3 and 5, and be refused while the fleet crosses. */
        MARKED,
        /** The same, where the vendor is MariaDB; nothing where it is another. */
        MARKED_ON_MARIADB,
        /** It may be refused wherever both are written. */
        REFUSED,
        /** It is about the vendor's own objects, and runs only where there is one leg. */
        ONE_LEG
    }

    interface Body {
        void run(Connection connection, Transcript transcript, Fixture fixture) throws Exception;
    }

    static Case same(String name, Body body) {
        return new Case(name, Dual.SAME, true, body);
    }

    static Case marked(String name, Body body) {
        return new Case(name, Dual.MARKED, true, body);
    }

    static Case refused(String name, Body body) {
        return new Case(name, Dual.REFUSED, true, body);
    }

    static Case reading(String name, Body body) {
        return new Case(name, Dual.SAME, false, body);
    }

    Case where(Dual wanted) {
        return new Case(name, wanted, writes, body);
    }
}
