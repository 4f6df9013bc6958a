package io.dualwrite.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.Handle;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import org.jspecify.annotations.Nullable;

/** Leads calls elsewhere, and makes monitors those of the simulation. */
final class Rewriter extends ClassVisitor {
    private static final int API = Opcodes.ASM9;
    private static final String VIRTUAL = Type.getInternalName(Virtual.class);
    private static final String OF_OBJECT = "(Ljava/lang/Object;)V";
    private static final String LOCKED = "$locked";

    /** What asks for the real world, by owner, name and descriptor; all go to the method of {@link Virtual} of that name. */
    private static final List<String> REAL = List.of(
            "io/dualwrite/dialect/H2Activity.now(Ljava/sql/Connection;)Ljava/time/Instant;",
            "java/lang/System.nanoTime()J",
            "java/lang/System.currentTimeMillis()J",
            "java/lang/Thread.sleep(J)V",
            "java/lang/Object.wait(JI)V",
            "java/lang/Object.notifyAll()V",
            "java/util/concurrent/FutureTask.get()Ljava/lang/Object;",
            "java/util/concurrent/FutureTask.get(JLjava/util/concurrent/TimeUnit;)Ljava/lang/Object;",
            "java/util/concurrent/Executors.newSingleThreadScheduledExecutor"
                    + "(Ljava/util/concurrent/ThreadFactory;)Ljava/util/concurrent/ScheduledExecutorService;",
            "java/util/UUID.randomUUID()Ljava/util/UUID;",
            "java/util/concurrent/ThreadLocalRandom.nextInt(II)I",
            "java/sql/DriverManager.getConnection(Ljava/lang/String;Ljava/util/Properties;)Ljava/sql/Connection;",
            "org/slf4j/LoggerFactory.getLogger(Ljava/lang/Class;)Lorg/slf4j/Logger;",
            "org/slf4j/LoggerFactory.getLogger(Ljava/lang/String;)Lorg/slf4j/Logger;");

    private final Map<String, String> redirected;
    private String self = "";

    /**
     * A rewriter.
     *
     * @param redirected calls of ours, by owner and name, and the class whose static method of that name is called instead
     */
    Rewriter(ClassVisitor next, Map<String, String> redirected) {
        super(API, next);
        this.redirected = redirected;
    }

    private @Nullable String target(String owner, String name, String descriptor) {
        String call = owner + '.' + name;
        return REAL.contains(call + descriptor) ? VIRTUAL : redirected.get(call);
    }

    private static String withReceiver(String owner, String descriptor) {
        return "(L" + owner + ';' + descriptor.substring(1);
    }

    @Override
    public void visit(
            int version,
            int access,
            String name,
            @Nullable String signature,
            @Nullable String superName,
            String @Nullable [] interfaces) {
        self = name;
        super.visit(version, access, name, signature, superName, interfaces);
    }

    @Override
    public MethodVisitor visitMethod(
            int access, String name, String descriptor, @Nullable String signature, String @Nullable [] exceptions) {
        if ((access & Opcodes.ACC_SYNCHRONIZED) == 0) {
            return new Calls(super.visitMethod(access, name, descriptor, signature, exceptions));
        }
        int open = access & ~Opcodes.ACC_SYNCHRONIZED;
        enclose(super.visitMethod(open, name, descriptor, signature, exceptions), name, descriptor);
        int hidden = Opcodes.ACC_PRIVATE | Opcodes.ACC_SYNTHETIC;
        return new Calls(super.visitMethod(hidden, name + LOCKED, descriptor, signature, exceptions));
    }

    /** Enters the monitor of this, calls the method's body, and leaves in any case. */
    private void enclose(MethodVisitor method, String name, String descriptor) {
        Label begin = new Label();
        Label end = new Label();
        Label failed = new Label();
        method.visitCode();
        method.visitTryCatchBlock(begin, end, failed, null);
        monitor(method, "enter");
        method.visitLabel(begin);
        method.visitVarInsn(Opcodes.ALOAD, 0);
        List<Object> locals = new ArrayList<>(List.of(self));
        int at = 1;
        for (Type argument : Type.getArgumentTypes(descriptor)) {
            method.visitVarInsn(argument.getOpcode(Opcodes.ILOAD), at);
            at += argument.getSize();
            locals.add(frameType(argument));
        }
        method.visitMethodInsn(Opcodes.INVOKESPECIAL, self, name + LOCKED, descriptor, false);
        method.visitLabel(end);
        monitor(method, "exit");
        method.visitInsn(Type.getReturnType(descriptor).getOpcode(Opcodes.IRETURN));
        method.visitLabel(failed);
        method.visitFrame(Opcodes.F_NEW, locals.size(), locals.toArray(), 1, new Object[] {"java/lang/Throwable"});
        monitor(method, "exit");
        method.visitInsn(Opcodes.ATHROW);
        method.visitMaxs(0, 0);
        method.visitEnd();
    }

    private static void monitor(MethodVisitor method, String what) {
        method.visitVarInsn(Opcodes.ALOAD, 0);
        method.visitMethodInsn(Opcodes.INVOKESTATIC, VIRTUAL, what, OF_OBJECT, false);
    }

    private static Object frameType(Type type) {
        return switch (type.getSort()) {
            case Type.LONG -> Opcodes.LONG;
            case Type.DOUBLE -> Opcodes.DOUBLE;
            case Type.FLOAT -> Opcodes.FLOAT;
            case Type.ARRAY, Type.OBJECT -> type.getInternalName();
            default -> Opcodes.INTEGER;
        };
    }

    private final class Calls extends MethodVisitor {
        Calls(MethodVisitor next) {
            super(API, next);
        }

        @Override
        public void visitInsn(int opcode) {
            if (opcode == Opcodes.MONITORENTER || opcode == Opcodes.MONITOREXIT) {
                String what = opcode == Opcodes.MONITORENTER ? "enter" : "exit";
                super.visitMethodInsn(Opcodes.INVOKESTATIC, VIRTUAL, what, OF_OBJECT, false);
            } else {
                super.visitInsn(opcode);
            }
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
            String target = target(owner, name, descriptor);
            if (target == null) {
                super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
            } else {
                String called = opcode == Opcodes.INVOKESTATIC ? descriptor : withReceiver(owner, descriptor);
                super.visitMethodInsn(Opcodes.INVOKESTATIC, target, name, called, false);
            }
        }

        @Override
        public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
            Object[] led = arguments.clone();
            for (int i = 0; i < led.length; i++) {
                if (led[i] instanceof Handle handle) {
                    String target = target(handle.getOwner(), handle.getName(), handle.getDesc());
                    if (target != null && handle.getTag() == Opcodes.H_INVOKESTATIC) {
                        led[i] = new Handle(Opcodes.H_INVOKESTATIC, target, handle.getName(), handle.getDesc(), false);
                    }
                }
            }
            super.visitInvokeDynamicInsn(name, descriptor, bootstrap, led);
        }
    }
}
