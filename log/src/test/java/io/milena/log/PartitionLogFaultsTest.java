package io.milena.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.milena.log.DiskFaults.Operation;
import io.milena.log.LogModel.Batch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * Random operations on a log and on a model of it, on a disk that gets full, refuses, loses power or sees the process die at
 * any of its operations. What must hold: after the death of the process everything acknowledged is there; after a loss of
 * power everything flushed is there, and of the rest a beginning; a failed write costs nothing that was there before; opening
 * a log twice is opening it once. More of it with {@code -Dseeds=5000 -Doperations=1000}, in pieces with
 * {@code -Dfirst-seed=2001}, one seed again with {@code -Dseed=17}.
 */
class PartitionLogFaultsTest {
    private static final int OPERATIONS = Integer.getInteger("operations", 250);
    private static final int SEEDS = Integer.getInteger("seeds", 25);
    private static final long FIRST_SEED = Long.getLong("first-seed", 1);
    private static final List<Set<Operation>> FAILING = List.of(
            EnumSet.of(Operation.WRITE),
            EnumSet.of(Operation.FORCE),
            EnumSet.of(Operation.READ, Operation.OPEN),
            EnumSet.of(Operation.CREATE, Operation.RENAME, Operation.DELETE, Operation.CUT),
            EnumSet.allOf(Operation.class));

    private static long operations;
    private static long faults;
    private static long records;

    private final LogFixture fixture = new LogFixture();
    private final Queue<Runnable> background = new ArrayDeque<>();
    private Random random = new Random();
    private SimulatedDisk disk = new SimulatedDisk(() -> 0, random);
    private LogSettings settings = LogFixture.SMALL;
    private Path folder;
    private LogDirectory directory;
    private PartitionLog log;
    private LogDriver driver;
    // What a loss of power must not touch.
    private long durable;
    private long notedLogStart;
    // Whether an operation failed after which only opening the log again tells what it holds.
    private boolean unsure;

    static LongStream seeds() {
        Long seed = Long.getLong("seed");
        return seed != null
                ? LongStream.of(seed)
                : LongStream.concat(LongStream.range(FIRST_SEED, FIRST_SEED + SEEDS), LongStream.of(System.nanoTime()));
    }

    @BeforeEach
    void expectFailures() {
        ((Logger) LoggerFactory.getLogger("io.milena.log")).setLevel(Level.OFF);
    }

    @AfterEach
    void leasesAreBack() {
        ((Logger) LoggerFactory.getLogger("io.milena.log")).setLevel(null);
    }

    @AfterAll
    static void report() {
        LoggerFactory.getLogger("figures.PartitionLogFaultsTest")
                .info("operations={} faults={} recordsChecked={}", operations, faults, records);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shouldKeepWhatItPromises(long seed) throws IOException {
        random = new Random(seed);
        disk = new SimulatedDisk(fixture.clock::millis, random);
        folder = disk.folder("data");
        boolean compacts = random.nextInt(4) == 0;
        settings = compacts
                ? LogFixture.SMALL.withCleanupPolicy(Set.of(LogSettings.CleanupPolicy.COMPACT))
                : LogFixture.SMALL;
        if (random.nextBoolean()) {
            disk.shortWrites();
        }
        open();
        driver = new LogDriver(fixture.clock, random, log);
        if (compacts) {
            driver.forCompaction();
        }
        List<String> steps = new ArrayList<>();
        for (int i = 0; i < OPERATIONS; i++) {
            try {
                steps.add(0, step());
                operations++;
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "seed " + seed + " operation " + i + " after " + steps.subList(0, Math.min(i, 9)), e);
            }
        }
        log.close();
        fixture.assertNothingLeased();
        records += driver.recordsChecked();
        faults += disk.faults().injected();
    }

    private void open() {
        directory = LogDirectory.open(folder);
        LogContext context = directory.context(fixture.clock, background::add, fixture.openFiles);
        log = PartitionLog.open(folder.resolve("t-0"), settings, context);
    }

    private String step() throws IOException {
        fixture.clock.advance(random.nextInt(1000));
        boolean armed = random.nextInt(10) == 0 && arm();
        String done;
        try {
            done = operate();
            if (random.nextInt(3) == 0) {
                runBackground();
            }
        } catch (LogException | IOException e) {
            if (!armed) {
                throw e;
            }
            done = "failed " + e;
        }
        if (disk.faults().isDead() || log.isFailed() || unsure) {
            done += ", then " + comeBack();
        }
        disk.faults().repair();
        durable = Math.min(Math.max(durable, log.recoveryPoint()), log.logEndOffset());
        if (random.nextInt(8) == 0) {
            driver.compare();
        }
        return (armed ? "armed " : "") + done + ", end " + log.logEndOffset();
    }

    private boolean arm() {
        switch (random.nextInt(4)) {
            case 0 -> disk.faults().freeBytes(random.nextInt(3000));
            case 1 -> disk.faults().dieAfter(random.nextInt(40));
            case 2 -> disk.faults().fail(FAILING.get(random.nextInt(FAILING.size())), random.nextInt(12));
            default -> disk.faults().readOnly();
        }
        return true;
    }

    private void runBackground() {
        for (int i = random.nextInt(4); i > 0 && !background.isEmpty(); i--) {
            background.remove().run();
        }
    }

    private void runAllBackground() {
        while (!background.isEmpty()) {
            background.remove().run();
        }
    }

    private String operate() throws IOException {
        int choice = random.nextInt(100);
        if (choice < 50) {
            return driver.append();
        } else if (choice < 55) {
            return driver.replicate();
        } else if (choice < 62) {
            return driver.endTransaction();
        } else if (choice < 66) {
            log.roll();
            return "roll";
        } else if (choice < 72) {
            log.flush();
            durable = log.logEndOffset();
            return "flush";
        } else if (choice < 75) {
            return truncate();
        } else if (choice < 79) {
            return deleteBefore();
        } else if (choice < 83) {
            return retain();
        } else if (choice < 87) {
            runAllBackground();
            return "compact " + CompactionFixture.compact(log);
        } else if (choice < 93) {
            directory.checkpoint(List.of(log));
            notedLogStart = log.logStartOffset();
            return "checkpoint";
        } else {
            return stop();
        }
    }

    private String truncate() throws IOException {
        LogModel model = driver.model;
        List<Long> boundaries = model.boundaries();
        int back = Math.min(boundaries.size(), 1 + random.nextInt(random.nextInt(5) == 0 ? 200 : 15));
        long offset = boundaries.get(boundaries.size() - back);
        boolean fully = random.nextInt(20) == 0 || offset < driver.segments().first();
        durable = fully ? 0 : Math.min(durable, offset);
        unsure = true;
        if (fully) {
            log.truncateFullyAndStartAt(offset);
            model.startAt(offset);
        } else {
            log.truncateTo(offset);
            model.truncate(offset);
        }
        unsure = false;
        return "truncate to " + offset + (fully ? " fully" : "");
    }

    private String deleteBefore() {
        LogModel model = driver.model;
        long offset = model.logStart + random.nextLong(Math.max(1, Math.min(durable - model.logStart, 50) + 1));
        try {
            log.deleteBefore(offset);
        } finally {
            model.logStart = log.logStartOffset();
        }
        return "delete before " + offset;
    }

    private String retain() {
        runAllBackground();
        LogModel model = driver.model;
        long highWatermark = Math.max(model.logStart, durable);
        log.settings(settings.withRetentionBytes(random.nextBoolean() ? -1 : 10_000)
                .withRetentionMs(random.nextBoolean() ? -1 : 60_000));
        try {
            return "retain, deleted " + log.applyRetention(highWatermark);
        } finally {
            model.logStart = log.logStartOffset();
        }
    }

    private String stop() throws IOException {
        if (random.nextBoolean()) {
            return comeBack();
        }
        runAllBackground();
        if (log.isFailed()) {
            return comeBack();
        }
        unsure = true;
        log.close();
        durable = log.logEndOffset();
        directory.markClean(List.of(log));
        notedLogStart = log.logStartOffset();
        directory.close();
        boolean powerIsLost = random.nextBoolean();
        restart(powerIsLost, false);
        unsure = false;
        assertThat(directory.cleanShutdown()).isTrue();
        driver.compare();
        return "close, power lost " + powerIsLost;
    }

    /** After a failure: heals the log, or begins anew. */
    private String comeBack() throws IOException {
        boolean dead = disk.faults().isDead();
        disk.faults().repair();
        if (log.isFailed() && !dead && !unsure && random.nextBoolean()) {
            return heal();
        }
        boolean powerIsLost = random.nextBoolean() || disk.flushFailed();
        long end = log.logEndOffset();
        background.clear();
        restart(powerIsLost, random.nextBoolean());
        adopt(powerIsLost || unsure ? durable : end);
        if (unsure) {
            log.flush(); // before, a loss of power may undo a truncation that was cut off
        }
        unsure = false;
        compareTwice();
        return "restart, power lost " + powerIsLost;
    }

    private String heal() throws IOException {
        long end = log.logEndOffset();
        long before = log.recoveryPoint();
        log.recoverFromFailure();
        driver.notFoundAgain();
        assertThat(List.of(log.logEndOffset(), log.recoveryPoint())).containsOnly(end);
        runAllBackground();
        assertThat(log.isFailed()).isFalse();
        disk.flushFailed(false);
        List<byte[]> found = driver.readAll();
        int next = 0;
        int lost = 0;
        for (Batch batch : driver.model.readable(log.logStartOffset(), Long.MAX_VALUE)) {
            if (next < found.size() && Arrays.equals(found.get(next), batch.bytes())) {
                next++;
            } else {
                assertThat(batch.last()).as("lost %s", batch).isGreaterThanOrEqualTo(before);
                lost++;
            }
        }
        assertThat(next).isEqualTo(found.size());
        durable = end;
        return lost == 0 ? "heal" : "heal, " + startAgain();
    }

    /** Records were lost, which the model cannot tell. */
    private String startAgain() {
        long end = log.logEndOffset();
        log.truncateFullyAndStartAt(end);
        driver.model.startAt(end);
        runAllBackground();
        return "start again";
    }

    private void restart(boolean powerIsLost, boolean mayDie) {
        if (powerIsLost) {
            disk.losePower();
        } else {
            disk.restart();
        }
        while (true) {
            boolean dies = mayDie && random.nextInt(3) > 0;
            try {
                if (dies) {
                    disk.faults().dieAfter(random.nextInt(20));
                }
                open();
                disk.faults().repair();
                driver.log(log);
                return;
            } catch (LogException e) {
                if (!dies) {
                    throw e;
                }
                if (powerIsLost && random.nextBoolean()) {
                    disk.losePower();
                } else {
                    disk.restart();
                }
            }
        }
    }

    /** Compares what a recovery found with what must be there, and makes that the model. */
    private void adopt(long atLeast) {
        LogModel model = driver.model;
        long end = log.logEndOffset();
        driver.foundAgain(end);
        if (end == log.logStartOffset() && log.sizeInBytes() == 0) {
            assertThat(atLeast).as("empty at %s", end).isLessThanOrEqualTo(Math.max(end, model.logStart));
            if (!remembersProducers(end)) {
                model.startAt(end);
            }
            model.logStart = unsure ? end : model.logStart; // it was to begin anew
        } else {
            assertThat(end).isGreaterThanOrEqualTo(atLeast).isIn(model.boundaries());
        }
        model.truncate(end);
        assertThat(log.logStartOffset()).isLessThanOrEqualTo(Math.max(model.logStart, notedLogStart));
        model.logStart = log.logStartOffset();
        durable = Math.min(durable, end);
    }

    /**
     * Whether an empty log goes on from the producers of the segments that were deleted before it, which it must if it lost
     * nothing; a log that began anew knows none.
     */
    private boolean remembersProducers(long end) {
        LogModel model = driver.model;
        boolean lostNothing = !unsure && end == model.logEnd && notedLogStart <= model.logStart;
        boolean known = !log.producers().active().isEmpty();
        return lostNothing || (known && model.boundaries().contains(end));
    }

    private void compareTwice() throws IOException {
        driver.compare();
        List<byte[]> once = driver.readAll();
        var epochs = log.leaderEpochs().startOffsets(); // an empty log may forget its last one, as Kafka's does
        disk.restart();
        background.clear();
        open();
        driver.log(log);
        driver.compare();
        assertThat(driver.readAll()).usingRecursiveComparison().isEqualTo(once);
        var again = log.sizeInBytes() > 0 ? log.leaderEpochs().startOffsets() : epochs;
        assertThat(again).isEqualTo(epochs);
    }
}
