package io.dualwrite.fleet;

import io.dualwrite.ladder.Side;

/** The links to the registries of both sides. As thread-safe as each {@link RegistryLink} is. */
final class RegistryLinks implements AutoCloseable {
    private final RegistryLink old;
    private final RegistryLink fresh;

    RegistryLinks(SideConnector connector, ServerClock clock) {
        old = new RegistryLink(Side.OLD, connector, clock);
        fresh = new RegistryLink(Side.NEW, connector, clock);
    }

    RegistryLink to(Side side) {
        return side == Side.OLD ? old : fresh;
    }

    @Override
    public void close() {
        old.close();
        fresh.close();
    }
}
