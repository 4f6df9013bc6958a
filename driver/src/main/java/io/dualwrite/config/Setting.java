package io.dualwrite.config;

/** Every key of the properties file: the one truth about settings, from which the documentation's table is made. */
public enum Setting {
    PHASE("phase");

    private final String key;

    Setting(String key) {
        this.key = key;
    }

    /** The key as it stands in the file. */
    public String key() {
        return key;
    }
}
