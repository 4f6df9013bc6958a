package io.dualwrite.copier.gate;

import org.jspecify.annotations.Nullable;

/**
 * What one check found. Immutable.
 *
 * @param check the check's name
 * @param fine whether it lets the fleet pass
 * @param reason what was seen, in one sentence
 * @param command what mends it, or null where no command does
 */
public record Finding(
        String check, boolean fine, String reason, @Nullable String command) {

    static Finding fine(String check, String reason) {
        return new Finding(check, true, reason, null);
    }

    static Finding shut(String check, String reason, @Nullable String command) {
        return new Finding(check, false, reason, command);
    }
}
