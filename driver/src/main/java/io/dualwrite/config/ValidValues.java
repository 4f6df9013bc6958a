package io.dualwrite.config;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** What the parser has read so far: a value for each setting, by name for those that the operator names. */
final class ValidValues {
    private final Map<Setting, Object> values = new EnumMap<>(Setting.class);
    private final Map<Setting, Map<String, String>> named = new EnumMap<>(Setting.class);

    void put(Setting setting, Object value) {
        values.put(setting, value);
    }

    void put(Setting setting, String name, String value) {
        named.computeIfAbsent(setting, key -> new TreeMap<>()).put(name, value);
    }

    <T> T get(Setting setting, Class<T> type) {
        return Objects.requireNonNull(type.cast(values.get(setting)), setting.key());
    }

    /** The patterns of a list of tables; none if it could not be read. */
    List<TablePattern> tables(Setting setting) {
        Object value = values.get(setting);
        List<TablePattern> patterns = new ArrayList<>();
        if (value instanceof List) {
            for (Object pattern : (List<?>) value) {
                patterns.add((TablePattern) pattern);
            }
        }
        return patterns;
    }

    /** The names of a list; none if it could not be read. */
    List<String> names(Setting setting) {
        Object value = values.get(setting);
        List<String> names = new ArrayList<>();
        if (value instanceof List) {
            for (Object name : (List<?>) value) {
                names.add((String) name);
            }
        }
        return names;
    }

    Map<String, String> named(Setting setting) {
        return named.getOrDefault(setting, new TreeMap<>());
    }
}
