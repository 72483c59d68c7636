package io.milena.benchmarks;

import io.milena.log.AppendResult;
import io.milena.log.LogContext;
import io.milena.log.LogSettings;
import io.milena.log.PartitionLog;
import io.milena.log.batch.AppendOrigin;
import io.milena.log.segment.OpenFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Checksum, validation and append of one batch to a log. The log is emptied whenever it holds {@value #FULL_BYTES} bytes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class AppendBenchmark {
    private static final long FULL_BYTES = 512L << 20;
    private static final int LEADER_EPOCH = 0;

    /** Records of a batch, of 1 KiB each. */
    @Param({"1", "16", "256"})
    public int records;

    private Folder folder;
    private PartitionLog log;
    private ByteBuffer batch;

    /** Opens an empty log. */
    @Setup
    public void open() throws IOException {
        folder = Folder.create();
        LogContext context = new LogContext(
                Clock.systemUTC(), Runnable::run, OpenFiles.withDefaults(Runnable::run), LogContext.NO_CHECKPOINTS);
        log = PartitionLog.open(folder.path().resolve("topic-0"), LogSettings.DEFAULTS, context);
        batch = Samples.batch(records, 1024);
    }

    /** Deletes it. */
    @TearDown
    public void close() throws IOException {
        log.close();
        folder.delete();
    }

    /** One append. */
    @Benchmark
    public AppendResult append() {
        if (log.sizeInBytes() > FULL_BYTES) {
            log.truncateFullyAndStartAt(log.logEndOffset());
        }
        return log.append(batch.duplicate(), LEADER_EPOCH, AppendOrigin.CLIENT);
    }
}
