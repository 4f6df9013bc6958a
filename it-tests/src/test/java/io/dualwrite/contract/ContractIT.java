package io.dualwrite.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.dualwrite.servers.DatabaseServers;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The application cannot tell the wrapper from the bare driver: on every rung a case observes what it observed on the bare
 * driver of the side that is read, and on dual rungs both sides hold the same afterwards.
 *
 * <p>{@code mvn verify} takes a third of the cases, {@code -Pproof} all. {@code -Dcontract.share=N} takes one in N, drawn by
 * {@code -Dcontract.seed}; {@code -Dcontract.only=TEXT} those whose names contain the text.
 */
class ContractIT {
    private static final int SHARE = Integer.getInteger("contract.share", 3);
    private static final long SEED = Long.getLong("contract.seed", 1);
    private static final String ONLY = System.getProperty("contract.only", "");
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final Map<String, Bench> OPEN = new HashMap<>();

    @TestFactory
    Stream<DynamicNode> everyVendor() {
        return DatabaseServers.VENDORS.stream()
                .map(vendor -> DynamicContainer.dynamicContainer(vendor, chosen().map(one -> test(vendor, one))));
    }

    private static Stream<Case> chosen() {
        List<Case> all = new ArrayList<>(ReflectedCases.all());
        all.addAll(WrittenCases.all());
        all.addAll(PostgresCases.all());
        all.addAll(CornerCases.all());
        all.addAll(RandomWalks.all());
        Random random = new Random(SEED);
        return all.stream().filter(one -> random.nextInt(SHARE) == 0).filter(one -> one.name()
                .contains(ONLY));
    }

    private static DynamicTest test(String vendor, Case one) {
        return DynamicTest.dynamicTest(
                one.name() + " (seed " + SEED + ")",
                () -> assertTimeoutPreemptively(LONGEST, () -> bench(vendor).judge(one)));
    }

    private static Bench bench(String vendor) throws Exception {
        Bench open = OPEN.get(vendor);
        if (open == null) {
            open = new Bench(vendor);
            OPEN.put(vendor, open);
        }
        return open;
    }

    @AfterAll
    static void close() throws SQLException {
        for (Bench bench : OPEN.values()) {
            bench.close();
        }
        OPEN.clear();
    }

    @org.junit.jupiter.api.Test
    void cases_areMoreThanFourHundred() {
        assertThat(ReflectedCases.all().size() + WrittenCases.all().size()).isGreaterThan(400);
    }
}
