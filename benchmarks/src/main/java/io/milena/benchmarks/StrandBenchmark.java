package io.milena.benchmarks;

import io.milena.server.strand.Strand;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.GroupThreads;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Giving a task to a strand: to a free one, to one that another thread uses as well, and to one whose task has to go to another thread. */
@State(Scope.Group)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class StrandBenchmark {
    private ExecutorService home;
    private Strand strand;
    private final LongAdder ran = new LongAdder();

    /** Makes the strand. */
    @Setup
    public void start() {
        home = Executors.newSingleThreadExecutor();
        strand = new Strand("benchmark", home);
    }

    /** Ends its thread. */
    @TearDown
    public void stop() {
        home.shutdownNow();
    }

    /** Runs on the caller's thread. */
    @Benchmark
    @Group("free")
    @GroupThreads(1)
    public void free() {
        strand.execute(this::work);
    }

    /** Runs on the thread of either caller. */
    @Benchmark
    @Group("contended")
    @GroupThreads(2)
    public void contended() {
        strand.execute(this::work);
    }

    /** There and back: the price of every hand-over between threads. */
    @Benchmark
    @Group("handedOver")
    @GroupThreads(1)
    public void handedOver() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        strand.executeLater(done::countDown);
        done.await();
    }

    private void work() {
        ran.increment();
    }
}
