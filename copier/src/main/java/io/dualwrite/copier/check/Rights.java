package io.dualwrite.copier.check;

/** The user may read and write the table on both sides, for either may be the mirror. */
final class Rights implements TableCheck {
    @Override
    public String name() {
        return "rights";
    }

    @Override
    public void look(TablePair pair, Findings findings) {
        look(pair.source(), pair.from(), findings);
        look(pair.target(), pair.to(), findings);
    }

    private static void look(String side, TableFacts facts, Findings findings) {
        String denied = String.join(", ", facts.lacking().denied());
        if (!denied.isEmpty()) {
            findings.problem(
                    "the user on " + side + " lacks " + denied, "GRANT " + denied + " on it to the user on " + side);
        }
        if (facts.lacking().hidden()) {
            findings.problem(
                    "policies of row-level security on " + side
                            + " may hide rows of it from the user: copier and verify refuse the table (42501)",
                    "ALTER ROLE … BYPASSRLS for the user that " + side + ".user names in the copier's file");
        }
        if (!facts.lacking().unknown().isEmpty()) {
            findings.note(
                    "whether the user on " + side + " has these rights could not be found out: "
                            + String.join(", ", facts.lacking().unknown()),
                    "look at its grants");
        }
    }
}
