package io.dualwrite.stepkill;

import io.dualwrite.ladder.Side;
import io.dualwrite.wire.Watcher;
import io.dualwrite.wire.WireProxy;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** The proxies before both sides, for one case alone. */
final class Wires implements AutoCloseable {
    private static final Duration REST = Duration.ofSeconds(30);

    private final Map<Side, WireProxy> proxies = new EnumMap<>(Side.class);
    private final Map<Side, String> urls = new EnumMap<>(Side.class);

    Wires(Ground ground) throws IOException {
        for (Side side : Side.values()) {
            WireProxy proxy = ground.proxy();
            proxies.put(side, proxy);
            urls.put(side, proxy.through(ground.url(side)));
        }
    }

    Map<Side, String> urls() {
        return urls;
    }

    void watch(Side side, Watcher watcher) {
        of(side).watch(watcher);
    }

    /** Waits until all connections have ended and all that was forwarded was answered; false if that never comes. */
    boolean comeToRest() {
        long deadline = System.nanoTime() + REST.toNanos();
        while (!of(Side.OLD).isIdle() || !of(Side.NEW).isIdle()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            LockSupport.parkNanos(1_000_000);
        }
        return true;
    }

    private WireProxy of(Side side) {
        WireProxy proxy = proxies.get(side);
        if (proxy == null) {
            throw new IllegalStateException("no proxy before " + side);
        }
        return proxy;
    }

    @Override
    public void close() {
        proxies.values().forEach(WireProxy::close);
    }
}
