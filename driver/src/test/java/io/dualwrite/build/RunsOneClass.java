package io.dualwrite.build;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.PrintWriter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Runs the tests of one class in this JVM; exit code 1 where one fails or none was found. */
final class RunsOneClass {
    private RunsOneClass() {}

    public static void main(String[] arguments) {
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(arguments[0]))
                                .build(),
                        summary);
        PrintWriter out = new PrintWriter(System.out, true);
        summary.getSummary().printFailuresTo(out);
        long passed = summary.getSummary().getTestsSucceededCount();
        out.println(passed + " passed on Java " + Runtime.version().feature());
        System.exit(passed > 0 && summary.getSummary().getTotalFailureCount() == 0 ? 0 : 1);
    }
}
