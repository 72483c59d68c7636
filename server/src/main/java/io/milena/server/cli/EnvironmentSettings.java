package io.milena.server.cli;

import io.milena.server.config.SettingTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Settings in variables of the environment, named as images of Kafka name them: {@code log.retention.ms} is
 * {@code KAFKA_LOG_RETENTION_MS} or {@code MILENA_LOG_RETENTION_MS}. One underscore stands for a dot, two for an underscore, three for
 * a dash. Settings that are our own need our prefix once: {@code milena.admin.listener} is {@code MILENA_ADMIN_LISTENER}.
 *
 * @param found the settings, those that go before others last
 * @param unknown variables with these prefixes that name no setting
 */
record EnvironmentSettings(List<Found> found, List<String> unknown) {
    private static final String OWN_PREFIX = "MILENA_";
    private static final List<String> PREFIXES = List.of("KAFKA_", OWN_PREFIX);

    /** Meant for scripts that start programs, Kafka's and ours. */
    private static final Set<String> OF_SCRIPTS = Set.of("HOME", "VERSION", "OPTS", "JAVA_HOME", "DEBUG", "QUIET");

    private static final List<String> OF_SCRIPTS_PREFIXES =
            List.of("HEAP_", "JMX_", "JVM_", "LOG4J_", "GC_", "DEBUG_", "TOOLS_");

    /** A variable, the setting it names, and its value. */
    record Found(String variable, String setting, String value) {}

    static EnvironmentSettings of(Map<String, String> variables) {
        List<Found> found = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        for (String prefix : PREFIXES) {
            new TreeMap<>(variables).forEach((variable, value) -> {
                if (variable.startsWith(prefix) && !isOfScripts(variable.substring(prefix.length()))) {
                    String setting = setting(prefix, variable);
                    if (setting == null) {
                        unknown.add(variable);
                    } else {
                        found.add(new Found(variable, setting, value));
                    }
                }
            });
        }
        return new EnvironmentSettings(List.copyOf(found), List.copyOf(unknown));
    }

    private static boolean isOfScripts(String rest) {
        return OF_SCRIPTS.contains(rest) || OF_SCRIPTS_PREFIXES.stream().anyMatch(rest::startsWith);
    }

    private static @Nullable String setting(String prefix, String variable) {
        String name = name(variable.substring(prefix.length()));
        if (SettingTable.broker().find(name) != null) {
            return name;
        }
        String own = name(variable);
        return prefix.equals(OWN_PREFIX) && SettingTable.broker().find(own) != null ? own : null;
    }

    /** Longest runs of underscores first. */
    private static String name(String rest) {
        return rest.toLowerCase(Locale.ROOT)
                .replace("___", "-")
                .replace("__", "\n")
                .replace('_', '.')
                .replace('\n', '_');
    }
}
