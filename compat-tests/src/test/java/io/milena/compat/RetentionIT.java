package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.BrokerKind;
import io.milena.compat.harness.BrokerProcess;
import io.milena.compat.harness.Differential;
import io.milena.compat.harness.LogFiles;
import io.milena.compat.harness.PartitionReader;
import io.milena.compat.harness.RawProduce;
import io.milena.compat.harness.Waiting;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same records under the same settings: both brokers begin their files at the same offsets and delete the same ones. */
class RetentionIT {

    @RegisterExtension
    static final Differential BOTH = Differential.with(Map.of(
            "log.retention.check.interval.ms", "100",
            "log.initial.task.delay.ms", "100",
            "log.cleaner.backoff.ms", "100",
            "log.segment.delete.delay.ms", "0",
            "log.flush.start.offset.checkpoint.interval.ms", "500"));

    private static final String STARTS = "log-start-offset-checkpoint";
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    /** All batches have the same size: a header, and one record with a value that fills it up. */
    private static final int BATCH_BYTES = 500;

    private static final int BATCHES = 40;
    /** A comma outside brackets. */
    private static final String SEPARATOR = ",(?![^\\[]*\\])";

    private static final int BATCHES_IN_SEGMENT = 10;
    private static final int SEGMENT_BYTES = BATCHES_IN_SEGMENT * BATCH_BYTES + 1;
    private static final long HOUR_MS = 3_600_000;

    /** Where a partition begins and ends, and the offsets its files begin with. */
    private record State(long earliest, long latest, List<Long> files) {}

    @BeforeAll
    static void awaitFirstRound() {
        await(fill("first", "retention.bytes=0", 0), state(BATCHES));
    }

    /** Topic settings, how many of the batches are an hour old, and the first offset that stays. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            bytes-some        | retention.bytes=10000                                           |  0 | 20
            bytes-exactly     | retention.bytes=15000                                           |  0 | 10
            bytes-more        | retention.bytes=15001                                           |  0 |  0
            bytes-one         | retention.bytes=1                                               |  0 | 30
            bytes-none        | retention.bytes=0                                               |  0 | 40
            ms-some           | retention.ms=1800000                                            | 25 | 20
            ms-sealed         | retention.ms=1800000                                            | 30 | 30
            ms-active         | retention.ms=1800000                                            | 40 | 40
            ms-not-all        | retention.ms=1800000                                            | 39 | 30
            ms-unlimited      | retention.ms=-1                                                 | 40 |  0
            both              | retention.ms=1800000,retention.bytes=10000                      | 10 | 20
            append-time       | retention.ms=1800000,message.timestamp.type=LogAppendTime       | 40 |  0
            compact           | retention.ms=1,retention.bytes=0,cleanup.policy=compact,min.cleanable.dirty.ratio=1 | 40 |  0
            compact-delete    | retention.ms=1800000,cleanup.policy=[compact,delete],min.cleanable.dirty.ratio=1 | 25 | 20
            no-policy         | retention.ms=1,retention.bytes=0,cleanup.policy=[]              | 40 |  0
            """)
    void shouldDeleteTheSameSegments(String name, String settings, int oldBatches, long earliest) {
        String topic = fill(name, settings, oldBatches);
        await(topic, state(earliest));
        if (earliest == 0) {
            // Only another round of deletions shows that nothing goes.
            await(fill(name + "-later", "retention.bytes=0", 0), state(BATCHES));
        }
        assertThat(BOTH.each(broker -> stateOf(broker, topic))).containsOnly(state(earliest));
    }

    @Test
    void shouldFollowChangesOfTopicsAndOfTheDefaultsOfBrokers() {
        String own = create("own", "retention.bytes=-1");
        String inherited = create("inherited", "retention.ms=-1");
        fill(own, 0);
        fill(inherited, 0);
        set(ConfigResource.Type.TOPIC, own, "retention.bytes", "10000");
        await(own, state(20));
        set(ConfigResource.Type.BROKER, "", "log.retention.bytes", "5000");
        await(inherited, state(30));
        assertThat(BOTH.each(broker -> stateOf(broker, own))).containsOnly(state(20));
        set(ConfigResource.Type.BROKER, "", "log.retention.bytes", "-1");
    }

    /** Settings that end a segment, and how many batches fit; each batch is a minute ahead of the one before. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            roll-bytes        | internal.segment.bytes=2600                                     |  5
            roll-ms           | segment.ms=400000                                               |  7
            roll-lag          | segment.ms=86400000,max.compaction.lag.ms=170000,cleanup.policy=compact,min.cleanable.dirty.ratio=1 |  3
            roll-index        | segment.index.bytes=24,index.interval.bytes=0                   |  2
            roll-offset-index | segment.index.bytes=36,index.interval.bytes=900                 |  5
            """)
    void shouldEndSegmentsAtTheSameOffsets(String name, String settings, int batches) {
        String topic = create(name, "retention.ms=-1,internal.segment.bytes=1000000," + settings);
        BOTH.each(broker -> {
            for (int i = 0; i < BATCHES; i++) {
                send(broker, topic, i * 60_000L);
            }
            return broker;
        });
        List<Long> first = LongStream.range(0, BATCHES)
                .filter(offset -> offset % batches == 0)
                .boxed()
                .toList();
        List<State> states = BOTH.each(broker -> stateOf(broker, topic));
        assertThat(states.get(0)).isEqualTo(states.get(1));
        assertThat(states.get(0).files()).isEqualTo(first);
    }

    @Test
    void shouldDeleteRecordsUpToAnOffset() {
        String topic = create("records", "retention.ms=-1");
        String compacted = create("records-compacted", "cleanup.policy=compact");
        String both = create("records-both", "cleanup.policy=[compact,delete],min.cleanable.dirty.ratio=1");
        String none = create("records-none", "cleanup.policy=[]");
        for (String each : List.of(topic, compacted, both, none)) {
            fill(each, 0);
        }
        assertThat(delete(none, 12)).isEqualTo("12");
        await(none, new State(12, BATCHES, List.of(10L, 20L, 30L)));
        assertThat(delete(compacted, 5)).isEqualTo("PolicyViolationException");
        assertThat(delete(topic, BATCHES + 1)).isEqualTo("OffsetOutOfRangeException");
        assertThat(delete(topic, -2)).isEqualTo("OffsetOutOfRangeException");
        assertThat(delete(topic, 15)).isEqualTo("15");
        await(topic, new State(15, BATCHES, List.of(10L, 20L, 30L)));
        assertThat(delete(topic, 3)).as("never back").isEqualTo("15");
        assertThat(delete(both, 25)).isEqualTo("25");
        await(both, new State(25, BATCHES, List.of(20L, 30L)));
        assertThat(delete(topic, -1)).isEqualTo(Integer.toString(BATCHES));
        // The active segment stays as long as nothing is appended: it ends at the new start, but none begins there.
        await(topic, new State(BATCHES, BATCHES, List.of(30L)));
        List<Integer> read =
                BOTH.each(broker -> PartitionReader.read(broker.bootstrap(), new TopicPartition(both, 0), Map.of())
                        .size());
        assertThat(read).containsOnly(15);
        fill(both, 0);
        assertThat(BOTH.each(broker -> stateOf(broker, both).latest())).containsOnly(2L * BATCHES);
    }

    /** The reference notes it every now and then, Milena before it answers. */
    @Test
    void shouldRememberTheStartOfALogWhenKilled() {
        String topic = create("killed", "retention.ms=-1");
        fill(topic, 0);
        assertThat(delete(topic, 15)).isEqualTo("15");
        BOTH.each(broker -> {
            String line = topic + " 0 15";
            if (broker.kind() == BrokerKind.MILENA) {
                assertThat(LogFiles.noted(broker.dataFolder(), STARTS)).contains(line);
            }
            Waiting.until(
                    "note",
                    TIMEOUT,
                    () -> LogFiles.noted(broker.dataFolder(), STARTS).contains(line),
                    () -> line);
            broker.process().kill();
            return broker.start();
        });
        await(topic, new State(15, BATCHES, List.of(10L, 20L, 30L)));
    }

    @Test
    void shouldTakeTheSameTimestampsAndSizes() {
        String old = create("too-old", "message.timestamp.before.max.ms=60000,retention.ms=-1");
        String ahead = create("too-far-ahead", "message.timestamp.after.max.ms=60000");
        String appended = create("appended", "message.timestamp.type=LogAppendTime,message.timestamp.before.max.ms=0");
        String small = create("small", "max.message.bytes=" + BATCH_BYTES);
        assertThat(sent(old, -HOUR_MS, 1)).isEqualTo(Errors.INVALID_TIMESTAMP);
        assertThat(sent(old, -1000, 1)).isEqualTo(Errors.NONE);
        assertThat(sent(ahead, HOUR_MS, 1)).isEqualTo(Errors.INVALID_TIMESTAMP);
        assertThat(sent(ahead, 1000, 1)).isEqualTo(Errors.NONE);
        assertThat(sent(appended, -HOUR_MS, 1)).isEqualTo(Errors.NONE);
        assertThat(sent(small, 0, 1)).isEqualTo(Errors.NONE);
        assertThat(sent(small, 0, 2)).isEqualTo(Errors.MESSAGE_TOO_LARGE);
        set(ConfigResource.Type.TOPIC, small, "max.message.bytes", "2000");
        assertThat(sent(small, 0, 2)).isEqualTo(Errors.NONE);
        set(ConfigResource.Type.TOPIC, old, "message.timestamp.before.max.ms", Long.toString(2 * HOUR_MS));
        assertThat(sent(old, -HOUR_MS, 1)).isEqualTo(Errors.NONE);
    }

    private static State state(long earliest) {
        List<Long> files = LongStream.rangeClosed(0, BATCHES)
                .filter(offset -> offset % BATCHES_IN_SEGMENT == 0 && offset >= earliest)
                .filter(offset -> offset < BATCHES || earliest == BATCHES)
                .boxed()
                .toList();
        return new State(earliest, BATCHES, files);
    }

    /** A topic on both brokers; settings as {@code name=value,name=[value,value]}. */
    private static String create(String name, String settings) {
        Map<String, String> all = new HashMap<>(Map.of("internal.segment.bytes", Integer.toString(SEGMENT_BYTES)));
        for (String setting : settings.split(SEPARATOR, -1)) {
            String[] parts = setting.split("=", 2);
            all.put(parts[0], parts[1].replaceAll("[\\[\\]]", ""));
        }
        BOTH.each(broker -> broker.topic(name, 1, all));
        return name;
    }

    /** Lets retention begin when everything is there: until then nothing is deleted. */
    private static String fill(String name, String settings, int oldBatches) {
        List<String> all = List.of(settings.split(SEPARATOR, -1));
        String topic = create(
                name,
                all.stream()
                        .map(setting -> setting.startsWith("retention.") ? setting.replaceFirst("=.*", "=-1") : setting)
                        .collect(Collectors.joining(",", "retention.ms=-1,", "")));
        fill(topic, oldBatches);
        all.stream().filter(setting -> setting.startsWith("retention.")).forEach(setting -> {
            String[] parts = setting.split("=", 2);
            set(ConfigResource.Type.TOPIC, topic, parts[0], parts[1]);
        });
        return topic;
    }

    private static void fill(String topic, int oldBatches) {
        BOTH.each(broker -> {
            for (int i = 0; i < BATCHES; i++) {
                assertThat(send(broker, topic, i < oldBatches ? -HOUR_MS : 0).errorCode())
                        .isZero();
            }
            return broker;
        });
    }

    private static Errors sent(String topic, long agoMs, int records) {
        List<Errors> errors = BOTH.each(
                broker -> Errors.forCode(send(broker, topic, agoMs, records).errorCode()));
        assertThat(errors.get(0)).isEqualTo(errors.get(1));
        return errors.get(0);
    }

    private static ProduceResponseData.PartitionProduceResponse send(
            BrokerProcess broker, String topic, long fromNowMs) {
        return send(broker, topic, fromNowMs, 1);
    }

    private static ProduceResponseData.PartitionProduceResponse send(
            BrokerProcess broker, String topic, long fromNowMs, int count) {
        long timestamp = System.currentTimeMillis() + fromNowMs;
        byte[] key = "key".getBytes(StandardCharsets.UTF_8);
        List<SimpleRecord> records = new ArrayList<>();
        int size = BATCH_BYTES
                - MemoryRecords.withRecords(
                                Compression.NONE, new SimpleRecord(timestamp, key, new byte[BATCH_BYTES / 2]))
                        .sizeInBytes();
        for (int i = 0; i < count; i++) {
            records.add(new SimpleRecord(timestamp, key, new byte[BATCH_BYTES / 2 + size]));
        }
        MemoryRecords batch = MemoryRecords.withRecords(Compression.NONE, records.toArray(SimpleRecord[]::new));
        return RawProduce.send(broker, new TopicPartition(topic, 0), batch);
    }

    private static void await(String topic, State expected) {
        BOTH.each(broker -> {
            Waiting.until(
                    expected + " of " + topic,
                    TIMEOUT,
                    () -> stateOf(broker, topic).equals(expected),
                    () -> stateOf(broker, topic));
            return broker;
        });
    }

    private static State stateOf(BrokerProcess broker, String topic) {
        TopicPartition partition = new TopicPartition(topic, 0);
        try (Admin admin = admin(broker)) {
            long earliest = admin.listOffsets(Map.of(partition, OffsetSpec.earliest()))
                    .partitionResult(partition)
                    .get()
                    .offset();
            long latest = admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                    .partitionResult(partition)
                    .get()
                    .offset();
            return new State(earliest, latest, LogFiles.baseOffsets(broker.dataFolder(), partition));
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("offsets of " + topic, e);
        }
    }

    /** What both brokers answer: the new start, or the error. */
    private static String delete(String topic, long offset) {
        TopicPartition partition = new TopicPartition(topic, 0);
        List<String> answers = BOTH.each(broker -> {
            try (Admin admin = admin(broker)) {
                return Long.toString(admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(offset)))
                        .lowWatermarks()
                        .get(partition)
                        .get()
                        .lowWatermark());
            } catch (ExecutionException e) {
                return e.getCause().getClass().getSimpleName();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(answers.get(0)).isEqualTo(answers.get(1));
        return answers.get(0);
    }

    private static void set(ConfigResource.Type type, String resource, String name, String value) {
        AlterConfigOp change = new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
        BOTH.each(broker -> {
            try (Admin admin = admin(broker)) {
                admin.incrementalAlterConfigs(Map.of(new ConfigResource(type, resource), List.of(change)))
                        .all()
                        .get();
                return broker;
            } catch (InterruptedException | ExecutionException e) {
                throw new AssertionError("the setting could not be changed", e);
            }
        });
    }

    private static Admin admin(BrokerProcess broker) {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrap()));
    }
}
