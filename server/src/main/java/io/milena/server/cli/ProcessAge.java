package io.milena.server.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** How long this process has been running, with what the JVM took before the first line of ours. */
final class ProcessAge {
    /** What Linux calls a clock tick towards programs, on every machine. */
    private static final int TICK_MS = 10;
    /** Behind the program's name: the time it began, in ticks since the system did. */
    private static final int START_FIELD = 19;

    private ProcessAge() {}

    static long ms() {
        try {
            long age = ms(Files.readString(Path.of("/proc/self/stat")), Files.readString(Path.of("/proc/uptime")));
            if (age >= 0) {
                return age;
            }
        } catch (IOException | IndexOutOfBoundsException | NumberFormatException e) {
            // Not Linux, or something that is not quite like it.
        }
        Instant now = Instant.now();
        return Duration.between(ProcessHandle.current().info().startInstant().orElse(now), now)
                .toMillis();
    }

    /** From two files of Linux. Java's own answer is up to a second too high there, as it takes the boot for a whole second. */
    static long ms(String stat, String uptime) {
        // The name is in parentheses and may have any characters.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        double uptimeSeconds = Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')));
        return Math.round(uptimeSeconds * 1000) - Long.parseLong(fields[START_FIELD]) * TICK_MS;
    }
}
