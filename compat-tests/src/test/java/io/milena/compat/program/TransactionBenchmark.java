package io.milena.compat.program;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * How long a commit takes after all records of the transaction are acknowledged, in small transactions one after another over some partitions;
 * and how many records a second producers commit while a consumer reads what is committed. The brokers take turns; the tables show
 * medians of the rounds. Runs with every client since 2.5, whose generation decides how transactions are made.
 *
 * <p>Arguments: {@code name=host:port} for each broker, and {@code --partitions 1,10,100}, {@code --commits 100ms,1000},
 * {@code --producers 1,8}, {@code --seconds 4}, {@code --warmup 2}, {@code --rounds 3}, {@code --bytes 1024}. An empty list leaves a table out.
 */
public final class TransactionBenchmark {

    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MS = 1e6;
    private static final double P50 = 0.5;
    private static final double P99 = 0.99;
    private static final int SMALL_BYTES = 100;
    private static final int MOST_ATTEMPTS = 100;
    private static final int PAUSE_MS = 100;

    private static final Map<String, String> DEFAULTS = Map.of(
            "partitions", "1,10,100",
            "commits", "100ms,1000",
            "producers", "1,8",
            "seconds", "4",
            "warmup", "2",
            "rounds", "3",
            "bytes", "1024");

    private final Map<String, String> options;
    private final Map<String, String> brokers;
    private final PrintStream output;
    private int topics;

    private TransactionBenchmark(String[] arguments, PrintStream output) {
        this.output = output;
        BenchmarkArguments given = BenchmarkArguments.of(arguments, DEFAULTS);
        options = given.options();
        brokers = given.brokers();
    }

    /** What one broker did in one round. */
    private interface Round {
        double[] run(String bootstrap) throws InterruptedException, ExecutionException;
    }

    /** Runs all cases and prints the tables. */
    public static void main(String[] arguments) throws InterruptedException, ExecutionException {
        PrintStream output = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        new TransactionBenchmark(arguments, output).run();
    }

    private void run() throws InterruptedException, ExecutionException {
        output.println("options: " + options);
        output.println(
                "| partitions | broker | commit p50 ms | commit p99 ms | transaction p50 ms | p50 ratio | p99 ratio |");
        output.println("| ---: | --- | ---: | ---: | ---: | ---: | ---: |");
        for (String count : list("partitions")) {
            int partitions = Integer.parseInt(count);
            compare(count, bootstrap -> latency(bootstrap, partitions));
        }
        output.println(
                "| commit every, producers | broker | committed/s | read/s | commits/s | committed ratio | read ratio |");
        output.println("| ---: | --- | ---: | ---: | ---: | ---: | ---: |");
        for (String commits : list("commits")) {
            for (String producers : list("producers")) {
                int count = Integer.parseInt(producers);
                compare(commits + ", " + producers, bootstrap -> throughput(bootstrap, commits, count));
            }
        }
    }

    /** One case on all brokers, in an order that turns around with each round. */
    private void compare(String label, Round round) throws InterruptedException, ExecutionException {
        Map<String, List<double[]>> results = new LinkedHashMap<>();
        brokers.keySet().forEach(name -> results.put(name, new ArrayList<>()));
        List<String> order = new ArrayList<>(brokers.keySet());
        for (int i = 0; i < option("rounds"); i++) {
            for (String name : order) {
                results.get(name).add(round.run(brokers.get(name)));
            }
            Collections.reverse(order);
        }
        double[] first = null;
        for (Map.Entry<String, List<double[]>> entry : results.entrySet()) {
            List<double[]> rounds = entry.getValue();
            double[] medians = {median(rounds, 0), median(rounds, 1), median(rounds, 2)};
            first = first == null ? medians : first;
            output.printf(
                    "| %s | %s | %.2f | %.2f | %.2f | %.2f | %.2f |%n",
                    label,
                    entry.getKey(),
                    medians[0],
                    medians[1],
                    medians[2],
                    medians[0] / first[0],
                    medians[1] / first[1]);
        }
    }

    private double[] latency(String bootstrap, int partitions) throws InterruptedException, ExecutionException {
        String topic = topic(bootstrap, partitions);
        byte[] value = new byte[SMALL_BYTES];
        List<Long> commits = new ArrayList<>();
        List<Long> transactions = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer = producer(bootstrap, topic)) {
            producer.initTransactions();
            long measured = System.nanoTime() + TimeUnit.SECONDS.toNanos(option("warmup"));
            long end = measured + TimeUnit.SECONDS.toNanos(option("seconds"));
            for (long start = System.nanoTime(); start < end || commits.isEmpty(); start = System.nanoTime()) {
                producer.beginTransaction();
                for (int partition = 0; partition < partitions; partition++) {
                    producer.send(new ProducerRecord<>(topic, partition, null, value));
                }
                producer.flush();
                long flushed = System.nanoTime();
                producer.commitTransaction();
                long done = System.nanoTime();
                if (start >= measured || done >= end) {
                    commits.add(done - flushed);
                    transactions.add(done - start);
                }
            }
        }
        delete(bootstrap, topic);
        return new double[] {quantileMs(commits, P50), quantileMs(commits, P99), quantileMs(transactions, P50)};
    }

    private double[] throughput(String bootstrap, String commits, int count)
            throws InterruptedException, ExecutionException {
        String topic = topic(bootstrap, count);
        List<Writer> writers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            writers.add(new Writer(bootstrap, topic, i, commits));
        }
        Reader reader = new Reader(bootstrap, topic, count);
        try {
            reader.start();
            writers.forEach(Thread::start);
            TimeUnit.SECONDS.sleep(option("warmup"));
            long start = System.nanoTime();
            double before = sum(writers, each -> each.committed.get());
            double ended = sum(writers, each -> each.transactions.get());
            long read = reader.read.get();
            TimeUnit.SECONDS.sleep(option("seconds"));
            double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
            double committed = (sum(writers, each -> each.committed.get()) - before) / seconds;
            double transactions = (sum(writers, each -> each.transactions.get()) - ended) / seconds;
            double readPerSecond = (reader.read.get() - read) / seconds;
            for (Writer writer : writers) {
                writer.close();
            }
            return new double[] {committed, readPerSecond, transactions};
        } finally {
            reader.end();
            delete(bootstrap, topic);
        }
    }

    /** Sends and commits until it is closed, which fails if it could not go on. */
    private final class Writer extends Thread {
        private final KafkaProducer<byte[], byte[]> producer;
        private final String topic;
        private final int partition;
        private final int mostRecords;
        private final long mostNanos;
        private volatile boolean closed;
        private final AtomicLong committed = new AtomicLong();
        private final AtomicLong transactions = new AtomicLong();

        Writer(String bootstrap, String topic, int partition, String commits) {
            this.producer = producer(bootstrap, topic + "-" + partition);
            this.topic = topic;
            this.partition = partition;
            boolean timed = commits.endsWith("ms");
            this.mostRecords = timed ? Integer.MAX_VALUE : Integer.parseInt(commits);
            this.mostNanos = timed
                    ? TimeUnit.MILLISECONDS.toNanos(Long.parseLong(commits.substring(0, commits.length() - 2)))
                    : Long.MAX_VALUE;
        }

        @Override
        public void run() {
            byte[] value = new byte[option("bytes")];
            producer.initTransactions();
            while (!closed) {
                producer.beginTransaction();
                long start = System.nanoTime();
                int sent = 0;
                for (; sent < mostRecords && System.nanoTime() - start < mostNanos; sent++) {
                    producer.send(new ProducerRecord<>(topic, partition, null, value));
                }
                producer.commitTransaction();
                committed.addAndGet(sent);
                transactions.incrementAndGet();
            }
        }

        void close() throws InterruptedException {
            if (!isAlive()) {
                throw new IllegalStateException("a producer of " + topic + " has failed");
            }
            closed = true;
            join();
            producer.close();
        }
    }

    /** Counts what is committed. */
    private static final class Reader extends Thread {
        private final KafkaConsumer<byte[], byte[]> consumer;
        private volatile boolean closed;
        private final AtomicLong read = new AtomicLong();

        Reader(String bootstrap, String topic, int partitions) {
            consumer = new KafkaConsumer<>(
                    Map.of(
                            "bootstrap.servers", bootstrap,
                            "isolation.level", "read_committed",
                            "auto.offset.reset", "earliest",
                            "enable.auto.commit", "false"),
                    new ByteArrayDeserializer(),
                    new ByteArrayDeserializer());
            List<TopicPartition> all = new ArrayList<>();
            for (int partition = 0; partition < partitions; partition++) {
                all.add(new TopicPartition(topic, partition));
            }
            consumer.assign(all);
        }

        @Override
        public void run() {
            while (!closed) {
                read.addAndGet(consumer.poll(Duration.ofMillis(PAUSE_MS)).count());
            }
            consumer.close();
        }

        void end() throws InterruptedException {
            closed = true;
            join();
        }
    }

    private static KafkaProducer<byte[], byte[]> producer(String bootstrap, String transactionalId) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "transactional.id", transactionalId),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** A topic that takes records: the reference confirms it before it serves it. */
    private String topic(String bootstrap, int partitions) throws InterruptedException, ExecutionException {
        String topic = "transacted-" + ProcessHandle.current().pid() + "-" + topics++;
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                    .all()
                    .get();
        }
        try (KafkaProducer<byte[], byte[]> producer = producer(bootstrap, "first-" + topic)) {
            for (int attempt = 0; producer.partitionsFor(topic).size() < partitions; attempt++) {
                if (attempt == MOST_ATTEMPTS) {
                    throw new IllegalStateException("not served: " + topic);
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
            }
        }
        TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        return topic;
    }

    private static void delete(String bootstrap, String topic) throws InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.deleteTopics(List.of(topic)).all().get();
        }
    }

    private List<String> list(String name) {
        return options.get(name).isEmpty()
                ? List.of()
                : List.of(options.get(name).split(","));
    }

    private int option(String name) {
        return Integer.parseInt(options.get(name));
    }

    private static double sum(List<Writer> writers, ToDoubleFunction<Writer> count) {
        return writers.stream().mapToDouble(count).sum();
    }

    private static double quantileMs(List<Long> nanos, double quantile) {
        long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
        return sorted[(int) ((sorted.length - 1) * quantile)] / NANOS_PER_MS;
    }

    private static double median(List<double[]> rounds, int column) {
        double[] sorted = rounds.stream().mapToDouble(each -> each[column]).toArray();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
