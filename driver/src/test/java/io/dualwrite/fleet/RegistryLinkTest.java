package io.dualwrite.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.ladder.Side;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegistryLinkTest {
    /** A server that falls silent right after the login would else hold the link, and with it the JVM's end, for good. */
    @Test
    void begin_boundsTheNetworkBeforeAnythingIsAskedOfTheServer() throws Exception {
        List<String> calls = new ArrayList<>();
        Connection recorded = (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    calls.add(method.getName());
                    return null;
                });
        try (RegistryLink link = new RegistryLink(Side.OLD, side -> recorded, ServerClock.SERVERS_OWN)) {
            link.begin();
        }
        assertThat(calls).startsWith("setNetworkTimeout").contains("setAutoCommit", "setTransactionIsolation");
    }
}
