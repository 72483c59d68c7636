package io.milena.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random operations on a log and on a model of it, with everything a reader can see compared after each of them. */
class PartitionLogOperationsTest {
    private static final int OPERATIONS = Integer.getInteger("operations", 300);
    private static final int SEEDS = Integer.getInteger("seeds", 12);
    private static final int MAX_HELD = 5;

    @TempDir(factory = MemoryDisk.class)
    Path folder;

    private final LogFixture fixture = new LogFixture();
    private final List<HeldSlice> held = new ArrayList<>();
    private Random random = new Random();
    private PartitionLog log;
    private LogDriver driver;
    private LogModel model;

    private record HeldSlice(LogSlice slice, byte[] bytes) {}

    static LongStream seeds() {
        return LongStream.concat(LongStream.rangeClosed(1, SEEDS), LongStream.of(System.nanoTime()));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shouldBehaveLikeTheModel(long seed) throws IOException {
        random = new Random(seed);
        open(LogContext.NO_CHECKPOINTS);
        driver = new LogDriver(fixture.clock, random, log);
        model = driver.model;
        for (int i = 0; i < OPERATIONS; i++) {
            String operation = operate();
            try {
                driver.compare();
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed + " operation " + i + " " + operation, e);
            }
        }
        held.forEach(this::giveBack);
        log.close();
        fixture.assertNothingLeased();
    }

    private void open(LogContext.Checkpoints checkpoints) {
        log = PartitionLog.open(folder.resolve("t-0"), LogFixture.SMALL, fixture.context(checkpoints));
    }

    private String operate() throws IOException {
        fixture.clock.advance(random.nextInt(1000));
        int choice = random.nextInt(100);
        if (choice < 55) {
            return driver.append();
        } else if (choice < 62) {
            return driver.replicate();
        } else if (choice < 68) {
            return driver.endTransaction();
        } else if (choice < 72) {
            log.roll();
            return "roll";
        } else if (choice < 77) {
            return truncate();
        } else if (choice < 81) {
            return deleteBefore();
        } else if (choice < 85) {
            return retain();
        } else if (choice < 88) {
            log.flush();
            assertThat(log.recoveryPoint()).isEqualTo(model.logEnd);
            return "flush";
        } else if (choice < 92) {
            return reopen();
        } else if (choice < 93) {
            long offset = random.nextLong(model.logEnd + 1000);
            log.truncateFullyAndStartAt(offset);
            model.startAt(offset);
            return "start at " + offset;
        } else {
            hold();
            return "hold";
        }
    }

    private String truncate() throws IOException {
        List<Long> boundaries = model.boundaries();
        int back = Math.min(boundaries.size(), 1 + random.nextInt(random.nextInt(5) == 0 ? 200 : 15));
        long offset = boundaries.get(boundaries.size() - back);
        boolean fully = offset < driver.segments().first();
        log.truncateTo(offset);
        if (fully) {
            model.startAt(offset);
        } else {
            model.truncate(offset);
        }
        return "truncate to " + offset;
    }

    private String deleteBefore() {
        long offset = model.logStart + random.nextLong(Math.min(model.logEnd - model.logStart, 50) + 1);
        log.deleteBefore(offset);
        model.logStart = offset;
        return "delete before " + offset;
    }

    private String retain() {
        long highWatermark = model.logEnd - random.nextLong(Math.min(model.logEnd - model.logStart, 20) + 1);
        log.settings(LogFixture.SMALL
                .withRetentionBytes(random.nextBoolean() ? -1 : 10_000)
                .withRetentionMs(random.nextBoolean() ? -1 : 60_000));
        int deleted = log.applyRetention(highWatermark);
        long start = log.logStartOffset();
        assertThat(start).isBetween(model.logStart, Math.max(highWatermark, model.logStart));
        model.logStart = start;
        return "retain, deleted " + deleted;
    }

    private String reopen() {
        // A new process knows nothing of slices that another one gave.
        held.forEach(this::giveBack);
        held.clear();
        boolean clean = random.nextBoolean();
        LogContext.Checkpoints checkpoints = LogFixture.crashed(log);
        if (clean) {
            log.close();
            checkpoints = LogFixture.closed(log);
        }
        open(checkpoints);
        driver.log(log);
        return clean ? "reopen" : "crash";
    }

    private void hold() {
        if (model.logStart < model.logEnd) {
            long offset = model.logStart + random.nextLong(model.logEnd - model.logStart);
            LogSlice slice = log.read(offset, 2000, Long.MAX_VALUE, ReadSize.WHOLE_FIRST_BATCH);
            held.add(new HeldSlice(slice, LogDriver.bytesOf(slice)));
        }
        while (held.size() > MAX_HELD) {
            giveBack(held.remove(random.nextInt(held.size())));
        }
    }

    private void giveBack(HeldSlice one) {
        assertThat(LogDriver.bytesOf(one.slice())).isEqualTo(one.bytes());
        one.slice().close();
    }
}
