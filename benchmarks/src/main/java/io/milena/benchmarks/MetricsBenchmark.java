package io.milena.benchmarks;

import io.milena.protocol.ApiKey;
import io.milena.protocol.message.FetchResponse;
import io.milena.protocol.message.ProduceResponse;
import io.milena.server.metrics.LoopRequests;
import io.milena.server.metrics.RequestStatistics;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the counting of one request costs its event loop: all that is done for metrics while a request is answered. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class MetricsBenchmark {
    private static final int PRODUCE_VERSION = 13;
    private static final int FETCH_VERSION = 17;
    private static final int LARGE_BYTES = 1200;
    private static final int SMALL_BYTES = 60;

    private final LoopRequests loop = new RequestStatistics().of("loop");
    private final ProduceResponse produced = new ProduceResponse()
            .responses(List.of(
                    new ProduceResponse.Topic().partitionResponses(List.of(new ProduceResponse.Partition().index(0)))));
    private final FetchResponse fetched = new FetchResponse()
            .responses(List.of(
                    new FetchResponse.Topic().partitions(List.of(new FetchResponse.Partition().partitionIndex(0)))));
    private long nanos;

    /** The nothing that the others are to be compared with. */
    @Benchmark
    public long nothing() {
        return next();
    }

    /** A produce request of one partition. */
    @Benchmark
    public int produce() {
        int errors = loop.errors(ApiKey.PRODUCE, produced);
        loop.answered(ApiKey.PRODUCE, PRODUCE_VERSION, next(), LARGE_BYTES, SMALL_BYTES);
        return errors;
    }

    /** A fetch request of one partition. */
    @Benchmark
    public int fetch() {
        int errors = loop.errors(ApiKey.FETCH, fetched);
        loop.answered(ApiKey.FETCH, FETCH_VERSION, next(), SMALL_BYTES, LARGE_BYTES);
        return errors;
    }

    private long next() {
        nanos = (nanos * 31 + 17) & 0xFFFFF;
        return nanos;
    }
}
