package io.milena.compat.program;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;

/**
 * How many records a second several brokers acknowledge after they made them durable ({@code flush.messages=1}, {@code acks=all}): producers,
 * each with one record under way, all on one partition or each on its own. The brokers take turns; the table shows medians of the rounds.
 *
 * <p>Arguments: {@code name=host:port} for each broker, and {@code --clients connections} (bare connections, which leave the processor to the
 * broker; {@code stock} for the Java producer), {@code --producers 1,8,64}, {@code --seconds 5}, {@code --warmup 2}, {@code --rounds 3},
 * {@code --bytes 1024}, {@code --flush-messages 1}.
 */
public final class FlushBenchmark {

    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MS = 1e6;
    private static final int MOST_ATTEMPTS = 100;
    private static final int PAUSE_MS = 200;
    private static final double P50 = 0.5;
    private static final double P99 = 0.99;

    private static final Map<String, String> DEFAULTS = Map.of(
            "producers", "1,8,64",
            "seconds", "5",
            "warmup", "2",
            "rounds", "3",
            "bytes", "1024",
            "clients", "connections",
            "flush-messages", "1");

    private final Map<String, String> options;
    private final Map<String, String> brokers;
    private final PrintStream output;
    private int topics;

    private FlushBenchmark(String[] arguments, PrintStream output) {
        this.output = output;
        BenchmarkArguments given = BenchmarkArguments.of(arguments, DEFAULTS);
        options = given.options();
        brokers = given.brokers();
    }

    private record Result(double recordsPerSecond, double p50Ms, double p99Ms) {}

    /** Runs all cases and prints the table; fails when a record fails. */
    public static void main(String[] arguments) throws InterruptedException, ExecutionException, IOException {
        PrintStream output = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        new FlushBenchmark(arguments, output).run();
    }

    private void run() throws InterruptedException, ExecutionException, IOException {
        output.println("options: " + options);
        output.println("| producers | partitions | broker | records/s | range | p50 ms | p99 ms | ratio |");
        output.println("| ---: | ---: | --- | ---: | --- | ---: | ---: | ---: |");
        for (String count : options.get("producers").split(",")) {
            int producers = Integer.parseInt(count);
            compare(producers, 1);
            if (producers > 1) {
                compare(producers, producers);
            }
        }
    }

    /** One case on all brokers, in an order that turns around with each round. */
    private void compare(int producers, int partitions) throws InterruptedException, ExecutionException, IOException {
        Map<String, List<Result>> results = new LinkedHashMap<>();
        brokers.keySet().forEach(name -> results.put(name, new ArrayList<>()));
        List<String> order = new ArrayList<>(brokers.keySet());
        for (int round = 0; round < option("rounds"); round++) {
            for (String name : order) {
                results.get(name).add(measure(brokers.get(name), producers, partitions));
            }
            Collections.reverse(order);
        }
        double first = 0;
        for (Map.Entry<String, List<Result>> entry : results.entrySet()) {
            double[] rates = sorted(entry.getValue().stream().mapToDouble(Result::recordsPerSecond));
            double rate = rates[rates.length / 2];
            first = first == 0 ? rate : first;
            output.printf(
                    "| %d | %d | %s | %.0f | %.0f-%.0f | %.2f | %.2f | %.2f |%n",
                    producers,
                    partitions,
                    entry.getKey(),
                    rate,
                    rates[0],
                    rates[rates.length - 1],
                    median(sorted(entry.getValue().stream().mapToDouble(Result::p50Ms))),
                    median(sorted(entry.getValue().stream().mapToDouble(Result::p99Ms))),
                    rate / first);
        }
    }

    private Result measure(String bootstrap, int count, int partitions)
            throws InterruptedException, ExecutionException, IOException {
        String topic = "flushed-" + topics++;
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            create(admin, topic, partitions);
            List<TopicPartition> targets = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                targets.add(new TopicPartition(topic, i % partitions));
            }
            Result result = measure(load(bootstrap, targets));
            admin.deleteTopics(List.of(topic)).all().get();
            return result;
        }
    }

    private Load load(String bootstrap, List<TopicPartition> targets) throws IOException {
        return switch (options.get("clients")) {
            case "connections" -> new ConnectionLoad(bootstrap, targets, option("bytes"));
            case "stock" -> new StockLoad(bootstrap, targets, option("bytes"));
            default -> throw new IllegalArgumentException("--clients connections or stock");
        };
    }

    private Result measure(Load load) throws InterruptedException {
        long nanos;
        try (load) {
            load.start();
            TimeUnit.SECONDS.sleep(option("warmup"));
            long start = System.nanoTime();
            load.measure();
            TimeUnit.SECONDS.sleep(option("seconds"));
            load.end();
            nanos = System.nanoTime() - start;
        }
        long[] latencies = load.latenciesNanos();
        Arrays.sort(latencies);
        return new Result(
                latencies.length / (nanos / NANOS_PER_SECOND), quantileMs(latencies, P50), quantileMs(latencies, P99));
    }

    /** A topic all of whose partitions take records. */
    private void create(Admin admin, String topic, int partitions) throws InterruptedException, ExecutionException {
        Map<String, String> configs =
                Map.of("flush.messages", options.get("flush-messages"), "file.delete.delay.ms", "1000");
        admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(configs)))
                .all()
                .get();
        Map<TopicPartition, OffsetSpec> ends = new LinkedHashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            ends.put(new TopicPartition(topic, partition), OffsetSpec.latest());
        }
        for (int attempt = 1; !areServed(admin, ends); attempt++) {
            if (attempt == MOST_ATTEMPTS) {
                throw new IllegalStateException("not served: " + topic);
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        }
    }

    /** The reference confirms a topic before it serves it. */
    private static boolean areServed(Admin admin, Map<TopicPartition, OffsetSpec> ends)
            throws InterruptedException, ExecutionException {
        try {
            admin.listOffsets(ends).all().get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RetriableException) {
                return false;
            }
            throw e;
        }
    }

    private int option(String name) {
        return Integer.parseInt(options.get(name));
    }

    private static double quantileMs(long[] sortedNanos, double quantile) {
        return sortedNanos.length == 0 ? 0 : sortedNanos[(int) ((sortedNanos.length - 1) * quantile)] / NANOS_PER_MS;
    }

    private static double[] sorted(DoubleStream values) {
        return values.sorted().toArray();
    }

    private static double median(double[] sorted) {
        return sorted[sorted.length / 2];
    }
}
