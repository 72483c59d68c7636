package io.milena.compat.program;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The clients of {@code bench-cold-read}: fills a topic, measures the way of records from end to end on another topic, or reads the first one
 * from its beginning.
 *
 * <pre>
 *   fill BOOTSTRAP GIB | latency BOOTSTRAP SECONDS RATE | read BOOTSTRAP
 * </pre>
 */
public final class ColdReadProgram {
    private static final String COLD = "cold";
    private static final String FLOW = "flow";
    private static final int COLD_PARTITIONS = 4;
    private static final int COLD_RECORD_BYTES = 10_000;
    private static final int FLOW_RECORD_BYTES = 100;
    private static final int WARM_UP_SECONDS = 3;

    private final String bootstrap;

    private ColdReadProgram(String bootstrap) {
        this.bootstrap = bootstrap;
    }

    /** Runs one of the three. */
    public static void main(String[] arguments) throws Exception {
        ColdReadProgram program = new ColdReadProgram(arguments[1]);
        switch (arguments[0]) {
            case "fill" -> program.fill(Integer.parseInt(arguments[2]));
            case "latency" -> program.latency(Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
            case "read" -> program.read();
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private void fill(int gib) throws InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(
                            List.of(new NewTopic(COLD, COLD_PARTITIONS, (short) 1), new NewTopic(FLOW, 1, (short) 1)))
                    .all()
                    .get();
        }
        byte[] value = new byte[COLD_RECORD_BYTES];
        new Random(17).nextBytes(value);
        long records = ((long) gib << 30) / COLD_RECORD_BYTES;
        long startedNs = System.nanoTime();
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("linger.ms", 5, "batch.size", 512 * 1024))) {
            for (long i = 0; i < records; i++) {
                producer.send(new ProducerRecord<>(COLD, (int) (i % COLD_PARTITIONS), null, value));
            }
        }
        print("fill", records * COLD_RECORD_BYTES, startedNs);
    }

    private void latency(int seconds, int rate) throws InterruptedException {
        AtomicBoolean stop = new AtomicBoolean();
        Flow flow = new Flow(rate, stop);
        flow.start();
        LockSupport.parkNanos(Duration.ofSeconds(seconds + WARM_UP_SECONDS).toNanos());
        stop.set(true);
        flow.join();
        print("end to end", flow.latenciesNs());
    }

    private void read() {
        List<TopicPartition> partitions = new ArrayList<>();
        for (int partition = 0; partition < COLD_PARTITIONS; partition++) {
            partitions.add(new TopicPartition(COLD, partition));
        }
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long wanted = consumer.endOffsets(partitions).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            long startedNs = System.nanoTime();
            long bytes = 0;
            for (long read = 0; read < wanted; ) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(500))) {
                    bytes += record.serializedValueSize();
                    read++;
                }
            }
            print("cold read", bytes, startedNs);
        }
    }

    private KafkaProducer<byte[], byte[]> producer(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("bootstrap.servers", bootstrap);
        return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static void print(String what, long bytes, long startedNs) {
        double seconds = (System.nanoTime() - startedNs) / 1e9;
        System.out.printf("%s: %.2f GB in %.1f s, %.0f MB/s%n", what, bytes / 1e9, seconds, bytes / 1e6 / seconds);
    }

    private static void print(String what, long[] latenciesNs) {
        if (latenciesNs.length == 0) {
            throw new IllegalStateException("no record arrived after the warm up");
        }
        Arrays.sort(latenciesNs);
        int count = latenciesNs.length;
        System.out.printf(
                "%s: records=%d p50=%.2f ms p99=%.2f ms p99.9=%.2f ms max=%.2f ms%n",
                what,
                count,
                latenciesNs[count / 2] / 1e6,
                latenciesNs[(int) (count * 0.99)] / 1e6,
                latenciesNs[(int) (count * 0.999)] / 1e6,
                latenciesNs[count - 1] / 1e6);
    }

    /** A producer and a consumer of one partition, at a fixed rate; each record carries the time it should have been sent. */
    private final class Flow extends Thread {
        private final int rate;
        private final AtomicBoolean stop;
        private long[] latenciesNs = new long[1 << 16];
        private int count;

        Flow(int rate, AtomicBoolean stop) {
            super("flow");
            this.rate = rate;
            this.stop = stop;
        }

        long[] latenciesNs() {
            return Arrays.copyOf(latenciesNs, count);
        }

        @Override
        public void run() {
            TopicPartition partition = new TopicPartition(FLOW, 0);
            try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
                consumer.assign(List.of(partition));
                consumer.seekToEnd(List.of(partition));
                consumer.position(partition);
                Thread sender = new Thread(this::send, "sender");
                sender.start();
                long countedFromNs =
                        System.nanoTime() + Duration.ofSeconds(WARM_UP_SECONDS).toNanos();
                while (sender.isAlive()) {
                    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                        long dueNs = ByteBuffer.wrap(record.value()).getLong();
                        if (dueNs >= countedFromNs) {
                            add(System.nanoTime() - dueNs);
                        }
                    }
                }
            }
        }

        private void send() {
            try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("linger.ms", 0))) {
                long dueNs = System.nanoTime();
                while (!stop.get()) {
                    dueNs += 1_000_000_000L / rate;
                    LockSupport.parkNanos(dueNs - System.nanoTime());
                    producer.send(new ProducerRecord<>(
                            FLOW,
                            ByteBuffer.allocate(FLOW_RECORD_BYTES)
                                    .putLong(dueNs)
                                    .array()));
                }
            }
        }

        private void add(long latencyNs) {
            if (count == latenciesNs.length) {
                latenciesNs = Arrays.copyOf(latenciesNs, count * 2);
            }
            latenciesNs[count++] = latencyNs;
        }
    }
}
