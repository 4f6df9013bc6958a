package io.dualwrite.contract;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.sql.Array;
import java.sql.BatchUpdateException;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ParameterMetaData;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLWarning;
import java.sql.SQLXML;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a case observed, as lines that can be compared. Not thread-safe. */
final class Transcript {
    /** What our own refusal of what cannot be mirrored says. */
    private static final String REFUSAL = "refused while";

    private final List<String> lines = new ArrayList<>();
    private boolean refused;

    interface Action {
        void run() throws Exception;
    }

    interface Question {
        @Nullable
        Object ask() throws Exception;
    }

    List<String> lines() {
        return lines;
    }

    /** Whether the driver refused something that it cannot mirror, as it says it will while the fleet crosses. */
    boolean refused() {
        return refused;
    }

    void see(String what, @Nullable Object value) throws SQLException {
        lines.add(what + " = " + text(value));
    }

    /** Records the answer, or how the question failed. */
    void ask(String what, Question question) {
        try {
            see(what, question.ask());
        } catch (Exception failure) {
            failed(what, failure);
        }
    }

    /** Records that it went well, or how it failed. */
    void attempt(String what, Action action) {
        try {
            action.run();
            lines.add(what + " went well");
        } catch (Exception failure) {
            failed(what, failure);
        }
    }

    void failed(String what, Throwable failure) {
        Throwable told = failure instanceof InvocationTargetException ? failure.getCause() : failure;
        if (told instanceof SQLFeatureNotSupportedException
                && String.valueOf(told.getMessage()).contains(REFUSAL)) {
            refused = true;
        }
        lines.add(what + " failed: " + described(told));
    }

    static String described(@Nullable Throwable failure) {
        if (failure == null) {
            return "nothing";
        }
        // A batch's exception is made here, and by some vendors as a subclass of their own
        Class<?> kind = failure instanceof BatchUpdateException ? BatchUpdateException.class : failure.getClass();
        StringBuilder text = new StringBuilder(kind.getName());
        if (failure instanceof SQLException) {
            SQLException sql = (SQLException) failure;
            text.append(' ').append(sql.getSQLState()).append(' ').append(sql.getErrorCode());
            if (sql instanceof BatchUpdateException) {
                text.append(" counts ").append(Arrays.toString(((BatchUpdateException) sql).getUpdateCounts()));
            }
            if (sql.getNextException() != null) {
                text.append(" next (").append(described(sql.getNextException())).append(')');
            }
        }
        if (failure.getCause() instanceof SQLException) {
            text.append(" cause (").append(described(failure.getCause())).append(')');
        }
        return text.toString();
    }

    /** All rows from here on, by {@code getObject} and whether it was null. */
    void rows(String what, ResultSet rows) throws SQLException {
        int columns = rows.getMetaData().getColumnCount();
        int count = 0;
        while (rows.next()) {
            StringBuilder row = new StringBuilder();
            for (int i = 1; i <= columns; i++) {
                row.append(i == 1 ? "" : " | ").append(text(rows.getObject(i)));
            }
            lines.add(what + " row " + ++count + ": " + row);
        }
        lines.add(what + " rows " + count);
    }

    void warnings(String what, @Nullable SQLWarning first) {
        StringBuilder text = new StringBuilder();
        for (SQLWarning warning = first; warning != null; warning = warning.getNextWarning()) {
            text.append(' ').append(warning.getSQLState()).append('/').append(warning.getErrorCode());
        }
        lines.add(what + " warnings:" + text);
    }

    private static String text(@Nullable Object value) throws SQLException {
        if (value == null) {
            return "null";
        }
        if (value instanceof byte[]) {
            return "bytes " + Arrays.toString((byte[]) value);
        }
        if (value.getClass().isArray()) {
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < java.lang.reflect.Array.getLength(value); i++) {
                texts.add(text(java.lang.reflect.Array.get(value, i)));
            }
            return texts.toString();
        }
        return large(value);
    }

    private static String large(Object value) throws SQLException {
        try {
            if (value instanceof Blob) {
                Blob blob = (Blob) value;
                return "blob " + Arrays.toString(blob.getBytes(1, (int) blob.length()));
            }
            if (value instanceof Clob) {
                Clob clob = (Clob) value;
                return "clob " + clob.getSubString(1, (int) clob.length());
            }
            if (value instanceof InputStream) {
                ByteArrayOutputStream all = new ByteArrayOutputStream();
                ((InputStream) value).transferTo(all);
                return "stream " + Arrays.toString(all.toByteArray());
            }
            if (value instanceof Reader) {
                StringWriter all = new StringWriter();
                ((Reader) value).transferTo(all);
                return "reader " + all;
            }
        } catch (IOException broken) {
            return "a stream that breaks: " + broken.getClass().getName();
        }
        return plain(value);
    }

    /** Objects of JDBC by their kind: which class carries it is for the driver to say. */
    private static String plain(Object value) throws SQLException {
        for (Class<?> kind : List.of(
                Connection.class,
                Statement.class,
                ResultSet.class,
                ResultSetMetaData.class,
                ParameterMetaData.class,
                DatabaseMetaData.class,
                Savepoint.class,
                SQLXML.class)) {
            if (kind.isInstance(value)) {
                return "a " + kind.getSimpleName();
            }
        }
        if (value instanceof Array) {
            return "array " + text(((Array) value).getArray());
        }
        return value.getClass().getName() + " " + value;
    }
}
