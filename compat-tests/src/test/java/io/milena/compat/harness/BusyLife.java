package io.milena.compat.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** Everything that makes a broker write other files: many small segments, all codecs, deleted keys, sequences, transactions. */
public final class BusyLife {

    /** Records of all codecs with timestamps in no order, and headers. */
    public static final TopicPartition MIXED = new TopicPartition("mixed", 0);
    /** Few keys, compacted until {@link #settle}. */
    public static final TopicPartition COMPACTED = new TopicPartition("compacted", 0);
    /** Batches of one producer with sequence numbers that are known. */
    public static final TopicPartition SEQUENCED = new TopicPartition("sequenced", 0);
    /** Transactions that were committed, aborted, and one that is open. */
    public static final TopicPartition TRANSACTIONAL = new TopicPartition("transactional", 0);

    /** All of them. */
    public static final List<TopicPartition> ALL = List.of(MIXED, COMPACTED, SEQUENCED, TRANSACTIONAL);

    private static final String DIRTY_RATIO = "min.cleanable.dirty.ratio";
    private static final long PRODUCER = 4711;
    private static final int RECORDS = 150;
    private static final int KEYS = 20;
    private static final int BATCH = 3;
    private static final int BATCHES = 40;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final SplittableRandom random;
    private int sequence;

    /** A life that depends on a seed, but for the clock. */
    public BusyLife(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** Creates the topics on a broker. */
    public static void create(BrokerProcess broker) {
        for (TopicPartition partition : ALL) {
            Map<String, String> settings = new HashMap<>(
                    Map.of("internal.segment.bytes", "12000", "index.interval.bytes", "500", "retention.ms", "-1"));
            if (partition.equals(COMPACTED)) {
                settings.putAll(Map.of("cleanup.policy", "compact", "delete.retention.ms", "100"));
            }
            broker.topic(partition.topic(), 1, settings);
        }
        set(broker, COMPACTED, DIRTY_RATIO, "1");
    }

    /** Produces a good deal to all topics without transactions. */
    public void live(BrokerProcess broker) {
        set(broker, COMPACTED, DIRTY_RATIO, "0.01");
        for (CompressionType codec : CompressionType.values()) {
            Map<String, Object> settings =
                    Map.of("compression.type", codec.name, "batch.size", 1500, "linger.ms", 3, "acks", "all");
            try (KafkaProducer<String, String> producer = producer(broker, settings)) {
                for (int i = 0; i < RECORDS; i++) {
                    producer.send(mixed(i));
                    String key = "key-" + random.nextInt(KEYS);
                    String value = i % 10 == 0 ? null : "v".repeat(random.nextInt(100)) + i;
                    producer.send(new ProducerRecord<>(COMPACTED.topic(), 0, key, value));
                }
            }
            for (int i = 0; i < BATCHES / CompressionType.values().length; i++) {
                assertThat(sequenced(broker, codec, 0, sequence)).isEqualTo(Errors.NONE);
                sequence += BATCH;
            }
        }
    }

    /** Commits and aborts transactions, then begins one, which stays open as long as the producer that is returned. */
    public KafkaProducer<String, String> transact(BrokerProcess broker) {
        for (int i = 0; i < 6; i++) {
            try (KafkaProducer<String, String> producer = transactional(broker, "id-" + i % 3)) {
                producer.beginTransaction();
                produce(producer, "transaction " + i);
                producer.commitTransaction();
                producer.beginTransaction();
                produce(producer, "aborted " + i);
                producer.abortTransaction();
            }
        }
        KafkaProducer<String, String> open = transactional(broker, "open");
        open.beginTransaction();
        produce(open, "open");
        open.flush();
        return open;
    }

    /** Ends compaction, and waits until the log is as it will stay. */
    public static void settle(BrokerProcess broker) {
        int[] records = {Integer.MAX_VALUE};
        Waiting.until(
                "compaction",
                TIMEOUT,
                () -> {
                    records[0] = read(broker);
                    return records[0] < 5 * RECORDS;
                },
                () -> records[0]);
        set(broker, COMPACTED, DIRTY_RATIO, "1");
        Waiting.until(
                "the end of compaction",
                TIMEOUT,
                () -> {
                    int before = read(broker);
                    Waiting.pause(Duration.ofMillis(500));
                    return read(broker) == before;
                },
                () -> read(broker));
    }

    /** Sends the newest batch again, one out of order, one of an earlier epoch, and then goes on; fails if the broker is mistaken. */
    public void continueSequence(BrokerProcess broker) {
        int newest = sequence - BATCH;
        long before = endOf(broker);
        assertThat(sequenced(broker, CompressionType.NONE, 0, newest))
                .as("repeated")
                .isEqualTo(Errors.NONE);
        assertThat(endOf(broker)).as("end after a repeated batch").isEqualTo(before);
        assertThat(sequenced(broker, CompressionType.LZ4, 0, sequence + BATCH))
                .as("too early")
                .isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(sequenced(broker, CompressionType.LZ4, 0, sequence))
                .as("in order")
                .isEqualTo(Errors.NONE);
        sequence += BATCH;
        assertThat(endOf(broker)).isEqualTo(before + BATCH);
    }

    private ProducerRecord<String, String> mixed(int number) {
        long timestamp = System.currentTimeMillis() - random.nextInt(10_000);
        String value = random.ints(random.nextInt(60), 'a', 'z' + 1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        ProducerRecord<String, String> record =
                new ProducerRecord<>(MIXED.topic(), 0, timestamp, number % 3 == 0 ? null : "key-" + number, value);
        if (number % 5 == 0) {
            record.headers()
                    .add(new RecordHeader("number", Integer.toString(number).getBytes(StandardCharsets.UTF_8)));
        }
        return record;
    }

    private static void produce(KafkaProducer<String, String> producer, String text) {
        for (int i = 0; i < RECORDS / 5; i++) {
            producer.send(new ProducerRecord<>(TRANSACTIONAL.topic(), 0, "key", text + " " + i));
        }
    }

    private static Errors sequenced(BrokerProcess broker, CompressionType codec, int epoch, int baseSequence) {
        List<SimpleRecord> records = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            byte[] value = ("sequence " + (baseSequence + i)).getBytes(StandardCharsets.UTF_8);
            records.add(new SimpleRecord(System.currentTimeMillis(), null, value));
        }
        MemoryRecords batch = MemoryRecords.withIdempotentRecords(
                Compression.of(codec).build(),
                PRODUCER,
                (short) epoch,
                baseSequence,
                records.toArray(SimpleRecord[]::new));
        return Errors.forCode(RawProduce.send(broker, SEQUENCED, batch).errorCode());
    }

    private static long endOf(BrokerProcess broker) {
        return PartitionView.of(broker, SEQUENCED).offsets().get(1);
    }

    private static int read(BrokerProcess broker) {
        return PartitionReader.read(broker.bootstrap(), COMPACTED, Map.of()).size();
    }

    private static KafkaProducer<String, String> transactional(BrokerProcess broker, String id) {
        KafkaProducer<String, String> producer = producer(
                broker,
                Map.of("transactional.id", id, "batch.size", 500, "linger.ms", 1, "transaction.timeout.ms", 900_000));
        producer.initTransactions();
        return producer;
    }

    private static KafkaProducer<String, String> producer(BrokerProcess broker, Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("bootstrap.servers", broker.bootstrap());
        return new KafkaProducer<>(all, new StringSerializer(), new StringSerializer());
    }

    /** Changes a setting of a topic. */
    public static void set(BrokerProcess broker, TopicPartition partition, String name, String value) {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, partition.topic());
        AlterConfigOp change = new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            admin.incrementalAlterConfigs(Map.of(topic, List.of(change))).all().get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("the setting could not be changed", e);
        }
    }
}
