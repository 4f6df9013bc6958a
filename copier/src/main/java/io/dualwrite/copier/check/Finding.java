package io.dualwrite.copier.check;

import org.jspecify.annotations.Nullable;

/**
 * What a check found. Immutable.
 *
 * @param check the check's name
 * @param table the table that it is about, or null for the databases as a whole
 * @param sentence what was found
 * @param whatToDo what mends it, or null where nothing needs to be done
 */
public record Finding(
        Level level,
        String check,
        @Nullable String table,
        String sentence,
        @Nullable String whatToDo) {}
