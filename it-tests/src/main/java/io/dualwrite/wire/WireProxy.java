package io.dualwrite.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A TCP proxy on the loopback address before one PostgreSQL or MariaDB server. Thread-safe. */
public final class WireProxy implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WireProxy.class);

    /** The protocols that the proxy reads. */
    public enum Protocol {
        POSTGRES,
        MARIADB;

        /** The protocol of a vendor as {@code DatabaseServer.vendor} spells it. */
        public static Protocol of(String vendor) {
            return valueOf(vendor.toUpperCase(java.util.Locale.ROOT));
        }

        private Conversation conversation(int number) {
            return this == POSTGRES ? new PostgresConversation(number) : new MariaDbConversation(number);
        }
    }

    private final Protocol protocol;
    private final int serverPort;
    private final ServerSocket listener;
    private final Rounds rounds;
    private final long delayNanos;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong requests = new AtomicLong();
    private volatile Watcher watcher = Watcher.PASSING;

    private WireProxy(Protocol protocol, int serverPort, Rounds rounds, Duration roundTrip) throws IOException {
        this.protocol = protocol;
        this.serverPort = serverPort;
        this.rounds = rounds;
        this.delayNanos = roundTrip.toNanos() / 2;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    /** A proxy before the server on a port of the loopback address, without delay. */
    public static WireProxy start(Protocol protocol, int serverPort) throws IOException {
        return start(protocol, serverPort, new Rounds(), Duration.ZERO);
    }

    /**
     * A proxy that adds a round trip to each request, half of it in each direction.
     *
     * @param rounds counts the round trips of all proxies that it is given to
     */
    public static WireProxy start(Protocol protocol, int serverPort, Rounds rounds, Duration roundTrip)
            throws IOException {
        WireProxy proxy = new WireProxy(protocol, serverPort, rounds, roundTrip);
        Thread accepting = new Thread(proxy::accept, "wire-" + proxy.port());
        accepting.setDaemon(true);
        accepting.start();
        return proxy;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                link(client);
            } catch (IOException e) {
                note("accepting", e);
            }
        }
    }

    private void link(Socket client) throws IOException {
        try {
            Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
            int number = connections.incrementAndGet();
            Link link = new Link(this, protocol.conversation(number), client, server, delayNanos);
            links.add(link);
            link.start(number);
        } catch (IOException e) {
            client.close();
            throw e;
        }
    }

    /** Where the proxy listens. */
    public int port() {
        return listener.getLocalPort();
    }

    /** The JDBC URL of the server, led through the proxy. */
    public String through(String jdbcUrl) {
        return jdbcUrl.replace(":" + serverPort + "/", ":" + port() + "/");
    }

    /** Asks another watcher from the next request on. */
    public void watch(Watcher next) {
        watcher = next;
    }

    /** How many requests have come, whatever became of them. */
    public long requests() {
        return requests.get();
    }

    /** Whether no connection is there, and all that was forwarded was answered. */
    public boolean isIdle() {
        return links.isEmpty();
    }

    Rounds rounds() {
        return rounds;
    }

    Action seen(Request request) {
        requests.incrementAndGet();
        return watcher.seen(request);
    }

    void note(String where, Exception e) {
        LOG.debug("{}: {}", where, e.toString());
    }

    void forget(Link link) {
        links.remove(link);
    }

    /** Takes no more connections and cuts those that are there. */
    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        links.forEach(Link::cut);
    }
}
