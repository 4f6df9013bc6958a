package io.dualwrite.simulation;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A client's connection: every call travels to the session on the server and back, and may fail on the way. */
final class SimulatedConnection implements InvocationHandler {
    static final String ROLLBACK_TO = "ROLLBACK TO SAVEPOINT";

    private final SimulatedDatabase database;
    private final Connection raw;
    private final Scheduler scheduler;
    private final Network network;
    private final Story story;
    private final SimulatedSession session;
    private final @Nullable SimulatedProcess process;
    private final Connection proxy;
    private final String name;
    private int networkMillis;
    private boolean closed;
    private boolean underWay;

    SimulatedConnection(
            SimulatedDatabase database, int number, Connection raw, Scheduler scheduler, Network network, Story story) {
        this.database = database;
        this.raw = raw;
        this.scheduler = scheduler;
        this.network = network;
        this.story = story;
        this.name = database.side.word() + '#' + number;
        this.session = new SimulatedSession(database, raw, scheduler, story, name, () -> closed);
        SimulatedThread me = SimulatedThread.current();
        this.process = me == null ? null : me.process;
        if (process != null) {
            process.owns(this);
        }
        this.proxy = (Connection) Proxy.newProxyInstance(
                SimulatedConnection.class.getClassLoader(), new Class<?>[] {Connection.class}, this);
    }

    Connection proxy() {
        return proxy;
    }

    SimulatedSession session() {
        return session;
    }

    int transaction() {
        return PartialRollback.transaction(raw).getId();
    }

    @Override
    public @Nullable Object invoke(Object self, Method method, Object @Nullable [] arguments) throws Throwable {
        Object first = arguments == null || arguments.length == 0 ? null : arguments[0];
        SimulatedSession.Work plain = () -> SimulatedStatement.raw(raw, method, arguments);
        return switch (method.getName()) {
            case "equals" -> self == first;
            case "hashCode" -> System.identityHashCode(self);
            case "toString" -> name;
            case "createStatement", "prepareStatement", "prepareCall" ->
                SimulatedStatement.proxy(this, (Statement) local(plain), String.valueOf(first));
            case "commit" -> call("COMMIT", Manner.COMMIT, plain);
            case "rollback" -> call(first == null ? "ROLLBACK" : ROLLBACK_TO, Manner.END, plain);
            case "setAutoCommit" -> call("AUTOCOMMIT " + first, Manner.END, plain);
            case "setSavepoint", "releaseSavepoint", "setTransactionIsolation", "setSchema" ->
                call(method.getName(), Manner.OTHER, plain);
            case "isClosed" -> closed;
            case "isValid" -> isValid();
            case "abort" -> null;
            case "close" -> close();
            case "getNetworkTimeout" -> networkMillis;
            case "setNetworkTimeout" -> {
                networkMillis = (Integer) Objects.requireNonNull(arguments)[1];
                yield null;
            }
            default -> local(plain);
        };
    }

    private @Nullable Object local(SimulatedSession.Work work) throws SQLException {
        requireOpen();
        return work.run();
    }

    private void requireOpen() throws SQLException {
        if (closed || session.isEnded() || session.isBroken()) {
            throw Network.lost();
        }
    }

    private boolean isValid() {
        try {
            call("PING", Manner.OTHER, () -> null);
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    /** The session ends on the server once what is under way has ended there. */
    private @Nullable Object close() {
        if (closed) {
            return null;
        }
        closed = true;
        if (!underWay && !session.isBroken()) {
            network.travel();
            session.end();
        }
        return null;
    }

    void cancel() {
        session.cancel();
    }

    /** The connection is of no more use to the client; the server finds out after a while. */
    void breaks(long serverNanos) {
        session.breaks();
        scheduler.start("server", null, () -> {
            scheduler.sleep(serverNanos);
            session.end();
        });
    }

    /** What a call is to the server. */
    enum Manner {
        STATEMENT,
        BATCH,
        COMMIT,
        END,
        OTHER
    }

    @Nullable
    Object execute(String sql, boolean batch, SimulatedSession.Work work) throws SQLException {
        boolean told = session.told(sql);
        return call(sql, batch ? Manner.BATCH : Manner.STATEMENT, told ? () -> false : work);
    }

    private @Nullable Object call(String what, Manner manner, SimulatedSession.Work work) throws SQLException {
        requireOpen();
        Fault fault = network.fault(manner == Manner.COMMIT, manner == Manner.STATEMENT);
        if (fault != Fault.NONE) {
            story.tell(name + ' ' + fault + ' ' + what);
        }
        if (process != null) {
            process.calls();
        }
        underWay = true;
        try {
            there(fault, what, manner, work);
            if (session.isEnded()) {
                throw Network.lost();
            }
            Object answer = session.serve(what, manner, fault, work);
            back(fault);
            if (closed) {
                throw Network.lost();
            }
            return answer;
        } finally {
            underWay = false;
            if (closed && !session.isBroken()) {
                session.end();
            }
        }
    }

    /** On the way to the server. */
    private void there(Fault fault, String what, Manner manner, SimulatedSession.Work work) throws SQLException {
        switch (fault) {
            case KILLED_BEFORE -> killed();
            case LOST_BEFORE -> {
                network.travel();
                breaks(network.delay());
                throw Network.lost();
            }
            case IN_DOUBT -> {
                later(network.delay(), what, manner, work);
                network.travel();
                throw Network.lost();
            }
            case STALL -> stall(network.delay(), what, manner, work);
            default -> network.travel();
        }
    }

    /** The client gives up when its socket's timeout is over, the server when the statement's is. */
    private void stall(long nanos, String what, Manner manner, SimulatedSession.Work work) throws SQLException {
        long timeout = networkMillis * 1_000_000L;
        if (timeout > 0 && nanos > timeout) {
            later(nanos, what, manner, work);
            scheduler.sleep(timeout);
            throw Network.lost();
        }
        scheduler.sleep(nanos);
        if (manner == Manner.STATEMENT && session.isOverdue(nanos)) {
            throw SimulatedSession.cancelled();
        }
    }

    private void later(long nanos, String what, Manner manner, SimulatedSession.Work work) {
        session.breaks();
        scheduler.start("server", null, () -> {
            scheduler.sleep(nanos);
            try {
                if (!session.isEnded()) {
                    session.serve(what, manner, Fault.NONE, work);
                }
            } catch (SQLException e) {
                story.tell(name + " nobody hears of " + e.getErrorCode());
            } finally {
                session.end();
            }
        });
    }

    /** On the way back to the client. */
    private void back(Fault fault) throws SQLException {
        if (fault == Fault.KILLED_AFTER) {
            killed();
        }
        network.travel();
        if (fault == Fault.LOST_AFTER) {
            breaks(network.delay());
            throw Network.lost();
        }
    }

    private void killed() {
        if (process != null) {
            story.tell(process.name + " is killed");
            process.kill(network);
        }
        throw new SimulatedThread.Ended("killed");
    }
}
