package io.dualwrite.stepkill;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.ladder.Rung;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * For each request that the copier makes in a sync or a repair on a dual rung: it fails; it is applied and the reply is lost; it
 * is applied late; it hangs; or the process is killed before or after it. The authority's rows stay as they are, what still differs is
 * still marked, and the next run ends with both sides equal and no mark.
 */
class CopierStepIT {
    private static final Logger LOG = LoggerFactory.getLogger(CopierStepIT.class);
    private static final int FEW_KILLS = 2;
    private static final int AT_A_TIME = 4;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"postgres, DUAL_READ_OLD", "postgres, DUAL_READ_NEW", "mariadb, DUAL_READ_OLD", "mariadb, DUAL_READ_NEW"
    })
    void everyRequestOfTheCopier_brokenInEveryWay_isMendedByTheNextRun(String vendor, Rung rung) throws Exception {
        ExecutorService copiers = Executors.newCachedThreadPool();
        try {
            List<CopierCase> sites = new ArrayList<>();
            try (CopierRun run = new CopierRun(vendor, rung, copiers, folder)) {
                for (CopierWork work : CopierWork.values()) {
                    sites.addAll(run.list(work));
                }
            }
            List<CopierCase> chosen = chosen(rung, sites, Shares.ofSystem());
            List<String> problems = inParallel(vendor, rung, copiers, chosen);
            LOG.info(
                    "{} {}: {} of {} call sites of the copier covered, by {} cases at {} requests; {} problems",
                    vendor,
                    rung,
                    places(chosen.stream()),
                    places(sites.stream()),
                    chosen.size(),
                    sites.size(),
                    problems.size());
            assertThat(sites).hasSizeGreaterThan(60);
            assertThat(problems).isEmpty();
        } finally {
            copiers.shutdown();
        }
    }

    private static long places(Stream<CopierCase> cases) {
        return cases.map(CopierCase::place).distinct().count();
    }

    /**
     * Where the share is 1, every fault and a kill at every call site; else every other call site, the others being those of the other rung, each once with the
     * fault that the seed deals it, and a few kills.
     */
    private static List<CopierCase> chosen(Rung rung, List<CopierCase> sites, Shares shares) {
        List<CopierCase> chosen = new ArrayList<>();
        Set<String> places = new HashSet<>();
        for (CopierCase site : sites) {
            boolean fresh = places.add(site.place());
            boolean first = fresh && (places.size() + rung.ordinal() / 2 + shares.seed()) % 2 == 0;
            for (Fault fault : Fault.OF_WIRE) {
                if (shares.share() == 1 && fresh || first && fault == shares.dealt(Fault.OF_WIRE, places.size() / 2)) {
                    chosen.add(site.with(fault));
                }
            }
        }
        List<CopierCase> killed = shares.share() == 1 ? onePerPlace(sites) : sites;
        int step = shares.share() == 1 ? 1 : killed.size() / FEW_KILLS;
        for (int at = Math.floorMod(shares.seed() * 13, step); at < killed.size(); at += step) {
            chosen.add(killed.get(at).with(shares.dealt(Fault.OF_PROCESS, at / step)));
        }
        return chosen;
    }

    private static List<CopierCase> onePerPlace(List<CopierCase> sites) {
        Set<String> places = new HashSet<>();
        return sites.stream().filter(site -> places.add(site.place())).toList();
    }

    private List<String> inParallel(String vendor, Rung rung, ExecutorService copiers, List<CopierCase> chosen)
            throws Exception {
        ConcurrentLinkedQueue<CopierCase> waiting = new ConcurrentLinkedQueue<>(chosen);
        List<Future<List<String>>> running = new ArrayList<>();
        for (int i = 0; i < AT_A_TIME; i++) {
            running.add(copiers.submit(() -> {
                List<String> problems = new ArrayList<>();
                try (CopierRun run = new CopierRun(vendor, rung, copiers, folder)) {
                    for (CopierCase one = waiting.poll(); one != null; one = waiting.poll()) {
                        problems.addAll(run.run(one));
                    }
                }
                return problems;
            }));
        }
        List<String> problems = new ArrayList<>();
        for (Future<List<String>> one : running) {
            problems.addAll(one.get());
        }
        return problems;
    }
}
