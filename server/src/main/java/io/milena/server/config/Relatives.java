package io.milena.server.config;

import java.util.List;

/** Broker settings that state one thing in different units, the strongest first. */
final class Relatives {
    private static final List<List<String>> FAMILIES = List.of(
            List.of("log.retention.ms", "log.retention.minutes", "log.retention.hours"),
            List.of("log.roll.ms", "log.roll.hours"),
            List.of("log.roll.jitter.ms", "log.roll.jitter.hours"));
    private static final String FLUSH = "log.flush.interval.ms";

    private Relatives() {}

    /** The family of {@code name}, or {@code name} alone. */
    static List<String> of(String name) {
        for (List<String> family : FAMILIES) {
            if (family.contains(name)) {
                return family;
            }
        }
        return name.equals(FLUSH) ? List.of(FLUSH, "log.flush.scheduler.interval.ms") : List.of(name);
    }
}
