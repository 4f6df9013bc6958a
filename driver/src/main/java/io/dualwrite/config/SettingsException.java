package io.dualwrite.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The properties file cannot be used; each problem is one sentence that names the file, the key and what is allowed. */
public final class SettingsException extends Exception {
    private static final long serialVersionUID = 1L;

    private final ArrayList<String> problems;

    SettingsException(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = new ArrayList<>(problems);
    }

    /** All problems of the file, at least one. */
    public List<String> problems() {
        return Collections.unmodifiableList(problems);
    }
}
