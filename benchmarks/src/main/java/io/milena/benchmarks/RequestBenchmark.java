package io.milena.benchmarks;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.CreateTopicsRequest;
import io.milena.protocol.message.CreateTopicsResponse;
import io.milena.protocol.message.FetchRequest;
import io.milena.protocol.message.MetadataRequest;
import io.milena.protocol.message.OffsetCommitRequest;
import io.milena.protocol.message.ProduceRequest;
import io.milena.protocol.wire.BufferRecords;
import io.milena.server.Broker;
import io.milena.server.config.BrokerSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Whole requests over a socket of this machine, one at a time, to a broker in the same process. The client makes no garbage: what is
 * reported for an operation is the broker's.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(value = 1, jvmArgsAppend = "-Dio.netty.leakDetection.samplingInterval=4096") // as the program milena has it
public class RequestBenchmark {
    private static final int PRODUCE_VERSION = 13;
    private static final int FETCH_VERSION = 17;
    private static final int OFFSET_COMMIT_VERSION = 9;
    private static final int METADATA_VERSION = 13;
    private static final int MANY_PARTITIONS = 1000;
    private static final int RETENTION_BYTES = 256 << 20;
    private static final int COMMITTED_PARTITIONS = 12;

    private Folder folder;
    private Broker broker;
    private Wire wire;
    private ByteBuffer produce;
    private SequencedProduce sequencedProduce;
    private ByteBuffer fetch;
    private SessionFetch sessionFetch;
    private SessionFetch idleFetch;
    private SessionFetch waitingFetch;
    private Wire waiting;
    private long nextOffset;
    private ByteBuffer commit;
    private ByteBuffer metadata;

    /** Starts the broker and prepares the requests. */
    @Setup
    public void start() throws IOException {
        folder = Folder.create();
        broker = Broker.start(BrokerSettings.of(Map.of(
                "listeners",
                "PLAINTEXT://127.0.0.1:0",
                "log.dirs",
                folder.path().toString(),
                "log.retention.ms",
                "-1",
                "log.retention.bytes",
                Integer.toString(RETENTION_BYTES),
                "log.segment.bytes",
                Integer.toString(RETENTION_BYTES / 4),
                "log.segment.delete.delay.ms",
                "0",
                "log.retention.check.interval.ms",
                "1000")));
        wire = new Wire(broker.port("PLAINTEXT"));
        UUID single = create("single", 1);
        UUID many = create("many", MANY_PARTITIONS);
        create("committed", COMMITTED_PARTITIONS);
        produce = Wire.request(ApiKey.PRODUCE, PRODUCE_VERSION, produce(single));
        sequencedProduce = SequencedProduce.begin(wire, PRODUCE_VERSION, produce(single));
        wire.call(produce);
        fetch = Wire.request(
                ApiKey.FETCH,
                FETCH_VERSION,
                fetch(single, List.of(0)).sessionId(0).sessionEpoch(-1));
        sessionFetch = SessionFetch.begin(wire, FETCH_VERSION, fetch(single, List.of(0)), true);
        idleFetch = SessionFetch.begin(wire, FETCH_VERSION, fetch(many, all()), false);
        waiting = new Wire(broker.port("PLAINTEXT"));
        waitingFetch = SessionFetch.begin(
                waiting, FETCH_VERSION, fetch(single, List.of(0)).maxWaitMs(60_000), true);
        nextOffset = 1;
        commit = commit();
        metadata = Wire.request(
                ApiKey.METADATA,
                METADATA_VERSION,
                new MetadataRequest().topics(List.of(new MetadataRequest.Topic().name("single"))));
    }

    /** Stops it. */
    @TearDown
    public void stop() throws IOException {
        waiting.close();
        wire.close();
        broker.close();
        folder.delete();
    }

    /** One record of 1 KiB with acks=1. */
    @Benchmark
    public int produce() throws IOException {
        return wire.call(produce);
    }

    /** The same of an idempotent producer. */
    @Benchmark
    public int produceInSequence() throws IOException {
        return wire.call(sequencedProduce.next());
    }

    /** The oldest record, without a session. */
    @Benchmark
    public int fetch() throws IOException {
        return wire.call(fetch);
    }

    /** The same in a session that goes on. */
    @Benchmark
    public int fetchInSession() throws IOException {
        return wire.call(sessionFetch.next(0));
    }

    /** A produce as above, and a fetch in a session that waits for its record. */
    @Benchmark
    public int produceToWaitingFetch() throws IOException {
        waiting.send(waitingFetch.next(nextOffset++));
        wire.call(produce);
        return waiting.receive();
    }

    /** Nothing new in a session of {@value #MANY_PARTITIONS} partitions. */
    @Benchmark
    public int fetchNothingOfManyPartitions() throws IOException {
        return wire.call(idleFetch.next(0));
    }

    /** Offsets of {@value #COMMITTED_PARTITIONS} partitions. */
    @Benchmark
    public int commitOffsets() throws IOException {
        return wire.call(commit);
    }

    /** One topic's metadata. */
    @Benchmark
    public int describeTopic() throws IOException {
        return wire.call(metadata);
    }

    private UUID create(String topic, int partitions) throws IOException {
        CreateTopicsRequest request = new CreateTopicsRequest()
                .topics(List.of(new CreateTopicsRequest.Topic()
                        .name(topic)
                        .numPartitions(partitions)
                        .replicationFactor((short) 1)))
                .timeoutMs(60_000);
        CreateTopicsResponse.Topic answer = ((CreateTopicsResponse) wire.call(ApiKey.CREATE_TOPICS, 7, request))
                .topics()
                .get(0);
        if (answer.errorCode() != ErrorCode.NONE) {
            throw new IllegalStateException("topic was not created: " + answer);
        }
        return answer.topicId();
    }

    private static ProduceRequest produce(UUID topic) {
        ProduceRequest.Partition partition =
                new ProduceRequest.Partition().index(0).records(new BufferRecords(Samples.batch(1, 1024)));
        return new ProduceRequest()
                .acks((short) 1)
                .timeoutMs(30_000)
                .topicData(List.of(new ProduceRequest.Topic().topicId(topic).partitionData(List.of(partition))));
    }

    private static FetchRequest fetch(UUID topic, List<Integer> partitions) {
        List<FetchRequest.Partition> wanted = new ArrayList<>();
        for (int partition : partitions) {
            wanted.add(new FetchRequest.Partition()
                    .partition(partition)
                    .fetchOffset(0)
                    .currentLeaderEpoch(-1)
                    .lastFetchedEpoch(-1)
                    .logStartOffset(-1)
                    .partitionMaxBytes(1024));
        }
        return new FetchRequest()
                .maxWaitMs(0)
                .minBytes(1)
                .maxBytes(1024)
                .topics(List.of(new FetchRequest.Topic().topicId(topic).partitions(wanted)));
    }

    private static List<Integer> all() {
        return IntStream.range(0, MANY_PARTITIONS).boxed().toList();
    }

    private static ByteBuffer commit() {
        List<OffsetCommitRequest.Partition> partitions = IntStream.range(0, COMMITTED_PARTITIONS)
                .mapToObj(partition -> new OffsetCommitRequest.Partition()
                        .partitionIndex(partition)
                        .committedOffset(1)
                        .committedLeaderEpoch(-1))
                .toList();
        return Wire.request(
                ApiKey.OFFSET_COMMIT,
                OFFSET_COMMIT_VERSION,
                new OffsetCommitRequest()
                        .groupId("group")
                        .generationIdOrMemberEpoch(-1)
                        .topics(List.of(new OffsetCommitRequest.Topic()
                                .name("committed")
                                .partitions(partitions))));
    }
}
