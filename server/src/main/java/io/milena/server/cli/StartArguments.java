package io.milena.server.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Understands a plain start, {@code start [server.properties] [--set name=value]… [--cluster-id ID] [--ready-line TEXT]}, as the command
 * line's library would.
 */
final class StartArguments {
    private static final Set<String> TEXTS = Set.of(StartCommand.CLUSTER_ID, StartCommand.READY_LINE);

    private StartArguments() {}

    /** The start that is asked for; null if it is anything else, which is left to the library, as are all mistakes. */
    static @Nullable StartCommand parse(String... arguments) {
        if (arguments.length == 0 || !arguments[0].equals("start")) {
            return null;
        }
        Path file = null;
        Map<String, String> overrides = new LinkedHashMap<>();
        Map<String, String> texts = new LinkedHashMap<>();
        for (int i = 1; i < arguments.length; i++) {
            String argument = arguments[i];
            String next = i + 1 < arguments.length ? arguments[i + 1] : "";
            boolean set = argument.equals("--set") || argument.equals("--override");
            if (set && next.matches("[A-Za-z][^=\"']*=[^\"']*")) {
                String[] pair = next.split("=", 2);
                overrides.put(pair[0], pair[1]);
                i++;
            } else if (TEXTS.contains(argument)
                    && next.matches("[A-Za-z0-9_\\[][^\"']*")
                    && !texts.containsKey(argument)) {
                texts.put(argument, next);
                i++;
            } else if (file == null && argument.matches("[A-Za-z0-9/._][^\"']*")) {
                file = Path.of(argument);
            } else {
                return null;
            }
        }
        return StartCommand.of(file, overrides, texts);
    }
}
