package io.dualwrite.demo;

import io.dualwrite.demo.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** The instances of the bookstore, all together. Thread-safe. */
final class Fleet {
    private final List<Instance> instances;

    Fleet(List<Instance> instances) {
        this.instances = List.copyOf(instances);
    }

    List<Instance> instances() {
        return instances;
    }

    List<Path> journals() {
        return instances.stream().map(instance -> instance.journal).toList();
    }

    /** Ends with an explanation where an instance has ended by itself. */
    void mustRun() throws WalkBroken {
        for (Instance instance : instances) {
            if (!instance.runs()) {
                throw new WalkBroken(instance.name + " has ended by itself; its log says why");
            }
        }
    }

    /** Holds all users back and returns once no request is open. */
    void pause() throws IOException, InterruptedException, TimeoutException {
        for (Instance instance : instances) {
            instance.pause();
        }
    }

    void resume() throws IOException {
        for (Instance instance : instances) {
            instance.resume();
        }
    }

    void stop() throws IOException, InterruptedException, TimeoutException {
        for (Instance instance : instances) {
            instance.stop();
        }
    }

    void kill() {
        instances.forEach(Instance::kill);
    }

    /** What the first failed requests of each instance said. */
    List<String> failures() {
        return instances.stream()
                .flatMap(instance -> instance.failures().stream())
                .toList();
    }

    /** What all of them counted together, in a load of the given length. */
    Verdict.Load load(Duration length) {
        List<Instance.Count> counts = instances.stream().map(Instance::count).toList();
        Instance.Count slowest = counts.stream()
                .max(Comparator.comparingLong(Instance.Count::slowest))
                .orElseThrow();
        return new Verdict.Load(
                counts.stream().mapToLong(Instance.Count::requests).sum(),
                counts.stream().mapToLong(Instance.Count::failed).sum(),
                counts.stream().mapToLong(Instance.Count::retried).sum(),
                Duration.ofNanos(slowest.slowest() * 1000),
                slowest.slowestName(),
                length);
    }

    /** The slowest request of the last second. */
    Duration recentSlowest() {
        return Duration.ofNanos(1000
                * instances.stream()
                        .mapToLong(instance -> instance.count().recentSlowest())
                        .max()
                        .orElse(0));
    }
}
