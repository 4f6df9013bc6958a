package io.dualwrite.fleet;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an instance shows by JMX; never a credential. */
public interface InstanceMXBean {
    /** The name in the fleet. */
    String getName();

    /** The phase that the file asks for. */
    int getPhase();

    /** The rung on which transactions begin. */
    String getRung();

    /** The rung that is not yet drained, or null. */
    @Nullable
    String getMovingFrom();

    /** Why the file's wish is not yet met, in one sentence, or null. */
    @Nullable
    String getWaitsFor();

    /** Why the file as it is now is not in force, or null. */
    @Nullable
    String getFileTrouble();

    /** The connections that keep the instance from being drained, each with what holds it. */
    Map<String, String> getStragglers();
}
