package io.milena.benchmarks;

import io.milena.log.LogContext;
import io.milena.log.LogSettings;
import io.milena.log.LogSlice;
import io.milena.log.PartitionLog;
import io.milena.log.ReadSize;
import io.milena.log.batch.AppendOrigin;
import io.milena.log.segment.OpenFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
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

/** Finding records in a log of many segments, by offset and by time: the index and the bytes between its entries. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class ReadBenchmark {
    private static final int BATCHES = 100_000;
    private static final int SEGMENTS = 16;
    private static final int WANTED_BYTES = 64 * 1024;
    private static final int LEADER_EPOCH = 0;

    private final SplittableRandom random = new SplittableRandom(7);
    private Folder folder;
    private PartitionLog log;
    private long offset;

    /** Writes the log. */
    @Setup
    public void open() throws IOException {
        folder = Folder.create();
        LogContext context = new LogContext(
                Clock.systemUTC(), Runnable::run, OpenFiles.withDefaults(Runnable::run), LogContext.NO_CHECKPOINTS);
        log = PartitionLog.open(folder.path().resolve("topic-0"), LogSettings.DEFAULTS, context);
        ByteBuffer batch = Samples.batch(1, 1024);
        for (int i = 1; i <= BATCHES; i++) {
            log.append(batch.duplicate(), LEADER_EPOCH, AppendOrigin.CLIENT);
            if (i % (BATCHES / SEGMENTS) == 0) {
                log.roll();
            }
        }
    }

    /** Deletes it. */
    @TearDown
    public void close() throws IOException {
        log.close();
        folder.delete();
    }

    /** At the end of the log, as consumers that keep up read. */
    @Benchmark
    public int readNewest() {
        return read(log.logEndOffset() - 1);
    }

    /** Records that follow each other, as a consumer that catches up reads. */
    @Benchmark
    public int readInOrder() {
        offset = (offset + WANTED_BYTES / 1024) % BATCHES;
        return read(offset);
    }

    /** Anywhere. */
    @Benchmark
    public int readAnywhere() {
        return read(random.nextLong(BATCHES));
    }

    private int read(long from) {
        try (LogSlice slice = log.read(from, WANTED_BYTES, log.logEndOffset(), ReadSize.WHOLE_FIRST_BATCH)) {
            return slice.sizeInBytes();
        }
    }
}
