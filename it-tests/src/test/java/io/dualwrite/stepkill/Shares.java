package io.dualwrite.stepkill;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which cases are run. Where the share is 1: every fault and a killed process at every call site. Else one in so
 * many of the faults, and each call site at least once with the fault that the seed deals it; of the kills, a few around writes.
 *
 * @param only what the names of cases must match that are to be run again alone; empty for none such
 */
record Shares(int share, long seed, String only) {
    private static final int FEW_KILLS = 2;

    static Shares ofSystem() {
        return new Shares(
                Integer.getInteger("stepkill.share", 100),
                Long.getLong("stepkill.seed", 1),
                System.getProperty("stepkill.only", ""));
    }

    /** The cases at the sites, numbered from 1. */
    List<Case> cases(List<Site> sites) {
        List<Case> cases = new ArrayList<>();
        Set<String> places = new HashSet<>();
        for (int i = 0; i < sites.size(); i++) {
            int at = Math.floorMod(i + seed * 31, sites.size());
            Site site = sites.get(at);
            boolean first = places.add(site.place());
            Fault dealt = dealt(Fault.OF_WIRE, places.size());
            for (Fault fault : Fault.OF_WIRE) {
                Case replayed = new Case(cases.size() + 1, site, fault, false);
                if (replayed.toString().matches(only)) {
                    cases.add(replayed);
                }
                boolean drawn = share == 1 ? first : Math.floorMod(fault.ordinal() + 4L * at + seed, share) == 0;
                if (only.isEmpty() && (drawn || first && fault == dealt)) {
                    cases.add(new Case(cases.size() + 1, site, fault, fault.delays() && cases.size() % 2 == 0));
                }
            }
        }
        return cases;
    }

    /** The fault that the seed deals to the case of that number. */
    Fault dealt(List<Fault> faults, int at) {
        return faults.get(Math.floorMod(at + seed, faults.size()));
    }

    /** The kills at the sites, numbered from the given number. */
    List<Case> kills(List<Site> sites, int firstNumber) {
        List<Case> kills = new ArrayList<>();
        if (!only.isEmpty()) {
            return kills;
        }
        if (share == 1) {
            Set<String> places = new HashSet<>();
            for (Site site : sites) {
                if (places.add(site.place())) {
                    kills.add(kill(site, firstNumber, kills.size()));
                }
            }
            return kills;
        }
        List<Site> writes = sites.stream().filter(Shares::isOfWrite).toList();
        for (int i = 0; i < FEW_KILLS; i++) {
            int at = Math.floorMod(seed * 17 + (long) i * writes.size() / FEW_KILLS, writes.size());
            kills.add(kill(writes.get(at), firstNumber, kills.size()));
        }
        return kills;
    }

    private Case kill(Site site, int firstNumber, int at) {
        return new Case(firstNumber + at, site, dealt(Fault.OF_PROCESS, at), false);
    }

    private static boolean isOfWrite(Site site) {
        return site.verbs().matches(".*(INSERT|UPDATE|DELETE|COMMIT).*");
    }
}
