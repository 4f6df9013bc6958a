package io.dualwrite.jdbc;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** Copies values of the application's classes, of which nothing is known but that they can be serialized. Stateless. */
final class SerializedCopy {
    private SerializedCopy() {}

    /** A copy of the value's class, or null where it cannot be serialized and read back as one that shows itself alike. */
    static @Nullable Object of(Serializable value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
                out.writeObject(value);
            }
            try (ObjectInputStream in = new Reading(
                    new ByteArrayInputStream(bytes.toByteArray()),
                    value.getClass().getClassLoader())) {
                Object copy = in.readObject();
                return isLike(value, copy) ? copy : null;
            }
        } catch (IOException | ClassNotFoundException | RuntimeException | StackOverflowError notSerialized) {
            return null;
        }
    }

    /** PostgreSQL's driver takes the text of an object that it does not know, which may be made of what is not serialized. */
    private static boolean isLike(Object value, Object copy) {
        return copy.getClass() == value.getClass()
                && (textIsAnAddress(value) || String.valueOf(copy).equals(value.toString()));
    }

    private static boolean textIsAnAddress(Object value) {
        return String.valueOf(value).equals(value.getClass().getName() + '@' + Integer.toHexString(value.hashCode()));
    }

    /** Finds the classes as the application does. */
    private static final class Reading extends ObjectInputStream {
        private final @Nullable ClassLoader ofValue;

        Reading(InputStream bytes, @Nullable ClassLoader ofValue) throws IOException {
            super(bytes);
            this.ofValue = ofValue;
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass described) throws IOException, ClassNotFoundException {
            Class<?> found = find(described.getName(), ofValue);
            if (found == null) {
                found = find(described.getName(), Thread.currentThread().getContextClassLoader());
            }
            return found == null ? super.resolveClass(described) : found;
        }

        private static @Nullable Class<?> find(String name, @Nullable ClassLoader loader) {
            try {
                return Class.forName(name, false, loader);
            } catch (ClassNotFoundException notThere) {
                return null;
            }
        }
    }
}
