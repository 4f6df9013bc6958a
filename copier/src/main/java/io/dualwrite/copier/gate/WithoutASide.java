package io.dualwrite.copier.gate;

import io.dualwrite.fleet.InstanceRow;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.util.List;

/** What an operator does while a side is away, rung by rung: a gate that asks for that side would only stay shut. */
final class WithoutASide {
    private final String file;

    /** @param file the properties file, for the commands */
    WithoutASide(String file) {
        this.file = file;
    }

    /** @param known the instances that have not said good-bye, by what the other side's registry shows; at least one */
    String nextStep(Side away, List<InstanceRow> known) {
        Rung highest = WayBack.highest(known);
        if (away == Side.OLD) {
            return withoutOld(highest);
        }
        return withoutNew(Retreat.beyond(known) == null && highest.newWins() ? Rung.STRICT_READ_NEW : highest);
    }

    /**
     * While new is away.
     *
     * @param highest the highest rung on which an instance stands that no retreat takes back
     */
    String withoutNew(Rung highest) {
        return switch (highest) {
            case OLD_ONLY -> "bring new back; the application needs old alone";
            case DUAL_READ_OLD ->
                "bring new back (what is written meanwhile is marked), then " + command("repair") + ", then "
                        + command("verify") + "; or back: " + command("gate --to 1")
                        + ", then set phase = 1 in every file";
            case STRICT_READ_OLD, STRICT_READ_NEW ->
                command("retreat") + ": writes fail until new is back, or the fleet has gone to 3";
            case STRICT_NEW_FIRST, DUAL_READ_NEW ->
                "bring new back, and the instances go on where they stood; if it is lost, run "
                        + command("force --to 1");
            case NEW_ONLY -> "bring new back, if it is lost from its own backup: old was left behind";
        };
    }

    private String withoutOld(Rung highest) {
        return switch (highest) {
            case OLD_ONLY, DUAL_READ_OLD -> "bring old back: it is what the application reads";
            case STRICT_READ_OLD -> "bring old back: writes fail until then, and not every instance reads new yet";
            case STRICT_READ_NEW, STRICT_NEW_FIRST ->
                "bring old back; if it stays away and every instance reads new: " + command("retreat --to 5");
            case DUAL_READ_NEW ->
                "bring old back (what is written meanwhile is marked), then " + command("repair") + "; or on: "
                        + command("sequences") + ", then " + command("gate --to 6")
                        + ", then set phase = 6 in every file";
            case NEW_ONLY ->
                "nothing: the fleet runs on new alone; before a way back bring old back, and if it was restored or"
                        + " replaced, " + command("init --rejoin");
        };
    }

    private String command(String words) {
        return "dualwrite " + words + " -c " + file;
    }
}
