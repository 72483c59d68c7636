package io.milena.compat.program;

import io.milena.compat.harness.Footprint;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How the cost of one thing grows with how many others there are: connections, partitions, groups, consumers of one partition. The brokers
 * take turns; the table shows medians of the rounds.
 *
 * <p>Arguments: {@code name=port:pid} for each broker, and {@code --connections 1,100,5000}, {@code --partitions 1,1000,10000},
 * {@code --groups 1,1000}, {@code --consumers 1,500}, {@code --requests 10000}, {@code --rounds 3}. An empty list leaves a case out.
 */
public final class WidthBenchmark {
    private static final double NANOS_PER_US = 1e3;
    private static final double US_PER_MS = 1e3;
    private static final int WARM_UP_PARTS = 2;

    private static final Map<String, String> DEFAULTS = Map.of(
            "connections", "1,100,5000",
            "partitions", "1,1000,10000",
            "groups", "1,1000",
            "consumers", "1,500",
            "requests", "10000",
            "rounds", "3");

    private final Map<String, String> options;
    private final Map<String, Target> brokers = new LinkedHashMap<>();
    private final PrintStream output;

    private record Target(int port, long pid) {}

    /** What one thing costs: processor time of the broker, and time until it was done. */
    private record Cost(double processorUs, double wallUs) {}

    /** Makes as many of something as are wanted. */
    private interface Case {
        WidthLoad open(int port, int width);
    }

    private WidthBenchmark(String[] arguments, PrintStream output) {
        this.output = output;
        BenchmarkArguments given = BenchmarkArguments.of(arguments, DEFAULTS);
        options = given.options();
        given.brokers().forEach((name, place) -> {
            String[] parts = place.split(":", 2);
            brokers.put(name, new Target(Integer.parseInt(parts[0]), Long.parseLong(parts[1])));
        });
    }

    /** Runs all cases and prints the table. */
    public static void main(String[] arguments) {
        PrintStream output = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        new WidthBenchmark(arguments, output).run();
    }

    private void run() {
        output.println("options: " + options);
        output.println("| case | how many | broker | processor µs | growth | time µs | growth | processor, ratio |");
        output.println("| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: |");
        compare("connections", WidthLoad::connections);
        compare("partitions", WidthLoad::partitions);
        compare("groups", WidthLoad::groups);
        compare("consumers", WidthLoad::consumers);
    }

    private void compare(String name, Case wanted) {
        Map<String, Cost> narrowest = new LinkedHashMap<>();
        for (String width : options.get(name).split(",")) {
            if (!width.isEmpty()) {
                compare(name, Integer.parseInt(width), wanted, narrowest);
            }
        }
    }

    private void compare(String name, int width, Case wanted, Map<String, Cost> narrowest) {
        Map<String, List<Cost>> costs = measured(width, wanted);
        Cost first = null;
        for (Map.Entry<String, List<Cost>> entry : costs.entrySet()) {
            Cost cost = median(entry.getValue());
            Cost before = narrowest.computeIfAbsent(entry.getKey(), broker -> cost);
            first = first == null ? cost : first;
            output.printf(
                    "| %s | %,d | %s | %.1f | %.2f | %.1f | %.2f | %.2f |%n",
                    name,
                    width,
                    entry.getKey(),
                    cost.processorUs,
                    cost.processorUs / before.processorUs,
                    cost.wallUs,
                    cost.wallUs / before.wallUs,
                    cost.processorUs / first.processorUs);
        }
    }

    private Map<String, List<Cost>> measured(int width, Case wanted) {
        Map<String, List<Cost>> costs = new LinkedHashMap<>();
        Map<String, WidthLoad> loads = new LinkedHashMap<>();
        try {
            brokers.forEach((name, broker) -> {
                costs.put(name, new ArrayList<>());
                loads.put(name, wanted.open(broker.port, width));
            });
            int requests = Integer.parseInt(options.get("requests"));
            loads.values().forEach(load -> load.run(requests / WARM_UP_PARTS));
            List<String> order = new ArrayList<>(brokers.keySet());
            for (int i = 0; i < Integer.parseInt(options.get("rounds")); i++) {
                for (String name : order) {
                    costs.get(name).add(cost(brokers.get(name).pid, loads.get(name), requests));
                }
                Collections.reverse(order);
            }
            return costs;
        } finally {
            loads.values().forEach(WidthLoad::close);
        }
    }

    private static Cost cost(long pid, WidthLoad load, int requests) {
        long processorMs = Footprint.processorMs(pid);
        long nanos = System.nanoTime();
        int done = load.run(requests);
        double wallUs = (System.nanoTime() - nanos) / NANOS_PER_US;
        double processorUs = (Footprint.processorMs(pid) - processorMs) * US_PER_MS;
        return new Cost(processorUs / done, wallUs / done);
    }

    private static Cost median(List<Cost> rounds) {
        int middle = rounds.size() / 2;
        return new Cost(
                rounds.stream().mapToDouble(Cost::processorUs).sorted().toArray()[middle],
                rounds.stream().mapToDouble(Cost::wallUs).sorted().toArray()[middle]);
    }
}
