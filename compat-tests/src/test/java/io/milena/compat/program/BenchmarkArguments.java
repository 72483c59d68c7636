package io.milena.compat.program;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a benchmark was called with.
 *
 * @param options {@code --name value}, or what stands in for it
 * @param brokers {@code name=address}, in order
 */
record BenchmarkArguments(Map<String, String> options, Map<String, String> brokers) {

    /** Reads a command line; the names of options are those that have a default. */
    static BenchmarkArguments of(String[] arguments, Map<String, String> defaults) {
        Map<String, String> options = new TreeMap<>(defaults);
        Map<String, String> brokers = new LinkedHashMap<>();
        for (int i = 0; i < arguments.length; i++) {
            String argument = arguments[i];
            if (argument.startsWith("--") && options.containsKey(argument.substring(2)) && i + 1 < arguments.length) {
                options.put(argument.substring(2), arguments[++i]);
            } else if (argument.indexOf('=') > 0) {
                String[] broker = argument.split("=", 2);
                brokers.put(broker[0], broker[1]);
            } else {
                throw new IllegalArgumentException(
                        "neither name=address nor one of " + options.keySet() + " with a value: " + argument);
            }
        }
        return new BenchmarkArguments(options, brokers);
    }
}
