package io.milena.server.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.log.LogSettings;
import io.milena.log.batch.AppendOrigin;
import io.milena.protocol.ErrorCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random appends, flushes that begin and end at random moments, rolls and timers: with {@code flush.messages=1} nothing is acknowledged or
 * readable that is not durable, with a larger number never that many records at once, and once the disk is done nobody waits.
 */
class FlushGateOperationsTest {
    private static final int STEPS = 200;

    @TempDir
    Path folder;

    private final List<Waiter> waiters = new ArrayList<>();
    private Random random;
    private TestPartitions partitions;
    private Partition partition;

    @RepeatedTest(8)
    void shouldShowNothingThatIsNotDurable() {
        long seed = new Random().nextLong();
        random = new Random(seed);
        long flushMessages = random.nextBoolean() ? 1 : 2 + random.nextInt(5);
        LogSettings settings = LogSettings.DEFAULTS
                .withFlushMessages(flushMessages)
                .withFlushMs(random.nextBoolean() ? 50 : Long.MAX_VALUE);
        partitions = new TestPartitions(folder.resolve(Long.toHexString(seed)));
        partition = partitions.create("orders", 0, new PartitionSettings(settings, 1, true, false));
        for (int step = 0; step < STEPS; step++) {
            step();
            check("seed " + seed + " step " + step, flushMessages);
        }
        partitions.flushThreads().runAll();
        assertThat(partition.highWatermark()).as("seed %d", seed).isEqualTo(partition.logEndOffset());
        assertThat(waiters).as("seed %d", seed).allMatch(waiter -> waiter.acknowledged);
        partitions.close();
    }

    private void step() {
        switch (random.nextInt(32)) {
            case 0 -> partition.strand().execute(() -> partition.log().roll());
            case 1, 2, 3, 4 -> partitions.flushThreads().runNext();
            case 5, 6, 7, 8 -> partition.strand().execute(this::flushAndGoOn);
            case 9, 10, 11, 12 -> partitions.timers().advance(random.nextInt(40));
            default -> partition.strand().execute(this::append);
        }
    }

    /** What is appended here comes after the flush has begun, before its end is known. */
    private void flushAndGoOn() {
        partitions.flushThreads().runNext();
        for (int i = random.nextInt(4); i > 0; i--) {
            append();
        }
    }

    private void append() {
        String[] values = new String[1 + random.nextInt(3)];
        Arrays.fill(values, "value");
        long offset =
                partition.append(partitions.batch(values), AppendOrigin.CLIENT).lastOffset() + 1;
        Waiter waiter = new Waiter(offset);
        waiters.add(waiter);
        if (random.nextBoolean()) {
            partition.awaitFlush(offset, waiter);
        } else {
            partition.awaitCommit(offset, waiter);
        }
    }

    private void check(String when, long flushMessages) {
        long durable = partition.log().recoveryPoint();
        assertThat(partition.highWatermark() - durable).as(when).isLessThan(flushMessages);
        for (Waiter waiter : waiters) {
            if (waiter.acknowledged) {
                assertThat(waiter.offset).as(when).isLessThanOrEqualTo(partition.highWatermark());
            }
        }
    }

    private static final class Waiter implements Acknowledgement {
        private final long offset;
        private boolean acknowledged;

        Waiter(long offset) {
            this.offset = offset;
        }

        @Override
        public void committed() {
            assertThat(acknowledged).isFalse();
            acknowledged = true;
        }

        @Override
        public void abandoned(ErrorCode error) {
            throw new AssertionError("abandoned: " + error);
        }
    }
}
