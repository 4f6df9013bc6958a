package io.dualwrite.jdbc;

import io.dualwrite.build.ProxyGenerator;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.loading.ClassLoadingStrategy;

/** Concrete classes of the abstract ones, for tests of their own. */
abstract class Stand extends RecordingPreparedStatement {
    private static final Class<?> MADE = ProxyGenerator.make(TypeDescription.ForLoadedType.of(Stand.class))
            .load(Stand.class.getClassLoader(), ClassLoadingStrategy.UsingLookup.of(lookup()))
            .getLoaded();

    private final PreparedStatement direct;
    private final boolean mayLeaveRung;

    Stand(PreparedStatement direct, boolean mayLeaveRung) {
        super(null, null, leg -> direct);
        this.direct = direct;
        this.mayLeaveRung = mayLeaveRung;
    }

    static RecordingPreparedStatement in(PreparedStatement direct, boolean mayLeaveRung) {
        try {
            return (RecordingPreparedStatement) MADE.getDeclaredConstructor(PreparedStatement.class, boolean.class)
                    .newInstance(direct, mayLeaveRung);
        } catch (ReflectiveOperationException impossible) {
            throw new LinkageError("no constructor", impossible);
        }
    }

    @Override
    boolean gone() {
        return false;
    }

    private static java.lang.invoke.MethodHandles.Lookup lookup() {
        return java.lang.invoke.MethodHandles.lookup();
    }

    PreparedStatement delegate() throws SQLException {
        return direct;
    }

    @Override
    protected PreparedStatement direct() {
        return direct;
    }

    @Override
    protected void beginForLargeValue() {}

    @Override
    protected boolean staysOnRung() {
        return !mayLeaveRung;
    }
}
