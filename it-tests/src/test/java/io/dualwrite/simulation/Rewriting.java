package io.dualwrite.simulation;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Set;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassWriter;

/**
 * Loads the driver and the copier once more, with every call that asks the JDK for time, threads or chance led to {@link Virtual}.
 * So the simulation runs the classes as they are shipped, and they need no seams for it. A rule can be taken out by leading
 * further calls elsewhere.
 */
final class Rewriting extends ClassLoader {
    private static final String OURS = "io.dualwrite.";
    private static final String UNTOUCHED = OURS + "simulation.";
    /** How classes are named that stand in for a rule taken out. */
    private static final String REPLACEMENT = ".WithoutR";
    /** What both sides of the loader speak of. */
    private static final Set<String> SHARED = Set.of(Simulated.class.getName(), Verdict.class.getName());

    private final Map<String, String> redirected;

    private Rewriting(Map<String, String> redirected) {
        super(Rewriting.class.getClassLoader());
        this.redirected = redirected;
    }

    /** A simulation over freshly loaded classes. */
    static Simulated simulation(WithoutRule without) {
        try {
            Class<?> simulation = new Rewriting(without.redirected()).loadClass(Simulation.class.getName());
            return (Simulated) simulation.getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OURS) || SHARED.contains(name)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            return known != null ? known : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = in.readAllBytes();
            byte[] defined = name.startsWith(UNTOUCHED) || name.contains(REPLACEMENT) ? bytes : rewritten(bytes);
            return defineClass(name, defined, 0, defined.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    private byte[] rewritten(byte[] bytes) {
        ClassReader reader = new ClassReader(bytes);
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        reader.accept(new Rewriter(writer, redirected), ClassReader.EXPAND_FRAMES);
        return writer.toByteArray();
    }
}
