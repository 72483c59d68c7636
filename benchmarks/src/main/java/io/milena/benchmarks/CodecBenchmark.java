package io.milena.benchmarks;

import io.milena.protocol.ApiKey;
import io.milena.protocol.Message;
import io.milena.protocol.message.FetchRequest;
import io.milena.protocol.message.FetchResponse;
import io.milena.protocol.message.ProduceRequest;
import io.milena.protocol.message.ProduceResponse;
import io.milena.protocol.wire.BufferRecords;
import io.milena.protocol.wire.Reader;
import io.milena.protocol.wire.Writer;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Reading the requests and writing the responses that clients send all the time. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class CodecBenchmark {
    private static final UUID TOPIC = new UUID(1, 2);
    private static final int PRODUCE_VERSION = 13;
    private static final int FETCH_VERSION = 17;

    /** Partitions that a message names. */
    @Param({"1", "12"})
    public int partitions;

    private ByteBuffer produceRequest;
    private ByteBuffer fetchRequest;
    private ProduceResponse produceResponse;
    private FetchResponse fetchResponse;

    /** Makes the messages. */
    @Setup
    public void prepare() {
        ByteBuffer batch = Samples.batch(1, 100);
        produceRequest = bytes(
                PRODUCE_VERSION,
                new ProduceRequest()
                        .acks((short) 1)
                        .timeoutMs(30_000)
                        .topicData(List.of(new ProduceRequest.Topic()
                                .topicId(TOPIC)
                                .partitionData(IntStream.range(0, partitions)
                                        .mapToObj(index -> new ProduceRequest.Partition()
                                                .index(index)
                                                .records(new BufferRecords(batch)))
                                        .toList()))));
        fetchRequest = bytes(
                FETCH_VERSION,
                new FetchRequest()
                        .topics(List.of(new FetchRequest.Topic()
                                .topicId(TOPIC)
                                .partitions(IntStream.range(0, partitions)
                                        .mapToObj(index -> new FetchRequest.Partition().partition(index))
                                        .toList()))));
        produceResponse = new ProduceResponse()
                .responses(List.of(new ProduceResponse.Topic()
                        .topicId(TOPIC)
                        .partitionResponses(IntStream.range(0, partitions)
                                .mapToObj(index -> new ProduceResponse.Partition().index(index))
                                .toList())));
        fetchResponse = new FetchResponse()
                .responses(List.of(new FetchResponse.Topic()
                        .topicId(TOPIC)
                        .partitions(IntStream.range(0, partitions)
                                .mapToObj(index -> new FetchResponse.Partition()
                                        .partitionIndex(index)
                                        .records(new BufferRecords(batch)))
                                .toList())));
    }

    /** A request to append. */
    @Benchmark
    public Message readProduceRequest() {
        return ApiKey.PRODUCE.readRequest(new Reader(produceRequest.duplicate()), PRODUCE_VERSION);
    }

    /** A request to read. */
    @Benchmark
    public Message readFetchRequest() {
        return ApiKey.FETCH.readRequest(new Reader(fetchRequest.duplicate()), FETCH_VERSION);
    }

    /** The answer to a request to append. */
    @Benchmark
    public Writer writeProduceResponse() {
        Writer writer = new Writer(256);
        produceResponse.write(writer, PRODUCE_VERSION);
        return writer;
    }

    /** The answer to a request to read, but for the records. */
    @Benchmark
    public Writer writeFetchResponse() {
        Writer writer = new Writer(256);
        fetchResponse.write(writer, FETCH_VERSION);
        return writer;
    }

    private static ByteBuffer bytes(int version, Message message) {
        Writer writer = new Writer(512);
        message.write(writer, version);
        return writer.joined();
    }
}
