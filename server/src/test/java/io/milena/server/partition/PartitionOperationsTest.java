package io.milena.server.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.log.LogException;
import io.milena.log.batch.AppendOrigin;
import io.milena.protocol.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random roles, appends, progress of followers and deletions on one partition, against plain numbers: where its offsets must be, which
 * acknowledgements are due, and that a watch always knows of the newest readable offset.
 */
class PartitionOperationsTest {
    private static final int STEPS = 400;
    private static final List<Integer> FOLLOWERS = List.of(2, 3);

    @TempDir
    Path folder;

    private final List<Waiter> waiters = new ArrayList<>();
    private Random random;
    private TestPartitions partitions;
    private Partition partition;
    private long watched;

    private int epoch = TestPartitions.EPOCH;
    private boolean leads = true;
    private List<Integer> isr = List.of(TestPartitions.BROKER);
    private final long[] copied = new long[4];
    private long start;
    private long highWatermark;
    private long end;

    @RepeatedTest(10)
    void shouldBehaveLikeTheNumbersSay() {
        long seed = new Random().nextLong();
        random = new Random(seed);
        partitions = new TestPartitions(folder.resolve(Long.toHexString(seed)));
        partition = partitions.create("orders", 0);
        partition.watch(new NewestWatch());
        for (int step = 0; step < STEPS; step++) {
            step();
            check("seed " + seed + " step " + step);
        }
        partitions.close();
        assertThat(waiters).as("seed %d", seed).allMatch(waiter -> waiter.committed != waiter.abandoned);
    }

    private void step() {
        switch (random.nextInt(12)) {
            case 0 -> changeRole();
            case 1 -> changeIsr();
            case 2, 3, 4 -> followerCopies();
            case 5 -> delete();
            case 6 -> refusedAppend();
            case 7 -> await();
            default -> append();
        }
    }

    private void changeRole() {
        epoch++;
        abandonAll();
        leads = !leads;
        if (leads) {
            isr = someIsr();
            forgetFollowers();
            partitions.lead(partition, epoch, isr);
            commit();
        } else {
            partitions.follow(partition, 2, epoch);
        }
    }

    private void changeIsr() {
        if (leads) {
            isr = someIsr();
            forgetFollowers();
            partitions.lead(partition, epoch, isr);
            commit();
        }
    }

    private void followerCopies() {
        int follower = FOLLOWERS.get(random.nextInt(FOLLOWERS.size()));
        if (leads && end > copied[follower]) {
            long to = random.nextLong(Math.max(0, copied[follower]), end + 1);
            inStrand(() -> partition.replicaCopied(follower, to));
            copied[follower] = isr.contains(follower) ? to : copied[follower];
            commit();
        }
    }

    private void delete() {
        if (leads && highWatermark > start) {
            long to = random.nextLong(start, highWatermark + 1);
            inStrand(() -> partition.deleteBefore(to));
            start = to;
        }
    }

    private void append() {
        int count = 1 + random.nextInt(3);
        ByteBuffer batch = partitions.batch(
                new String[] {"a", "b", "c"}[count - 1].repeat(count).split("(?<=.)"));
        inStrand(() -> {
            if (leads) {
                assertThat(partition.append(batch, AppendOrigin.CLIENT).firstOffset())
                        .isEqualTo(end);
            } else {
                assertRefused(batch);
            }
        });
        if (leads) {
            end += count;
            commit();
        }
    }

    private void refusedAppend() {
        ByteBuffer damaged = partitions.batch("a");
        damaged.put(damaged.limit() - 2, (byte) 77);
        inStrand(() -> assertRefused(damaged));
    }

    private void assertRefused(ByteBuffer batch) {
        try {
            partition.append(batch, AppendOrigin.CLIENT);
        } catch (PartitionException e) {
            assertThat(e.error()).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
            assertThat(leads).isFalse();
            return;
        } catch (LogException e) {
            assertThat(leads).isTrue();
            return;
        }
        throw new AssertionError("it was appended");
    }

    private void await() {
        Waiter waiter = new Waiter(random.nextLong(start, end + 1));
        waiters.add(waiter);
        inStrand(() -> partition.awaitCommit(waiter.offset, waiter));
        waiter.mustBeAbandoned = !leads;
    }

    /** Unlike the strand itself, fails the test when the task fails. */
    private void inStrand(Runnable task) {
        CompletableFuture.runAsync(task, partition.strand()).join();
    }

    private List<Integer> someIsr() {
        List<Integer> some = new ArrayList<>(List.of(TestPartitions.BROKER));
        FOLLOWERS.stream().filter(id -> random.nextBoolean()).forEach(some::add);
        return some;
    }

    private void forgetFollowers() {
        FOLLOWERS.forEach(id -> copied[id] = -1);
    }

    private void commit() {
        long smallest = end;
        for (int follower : FOLLOWERS) {
            smallest = isr.contains(follower) ? Math.min(smallest, copied[follower]) : smallest;
        }
        highWatermark = Math.max(highWatermark, smallest);
    }

    private void abandonAll() {
        waiters.stream().filter(waiter -> !waiter.committed).forEach(waiter -> waiter.mustBeAbandoned = true);
    }

    private void check(String where) {
        assertThat(partition.logStartOffset()).as(where).isEqualTo(start);
        assertThat(partition.highWatermark()).as(where).isEqualTo(highWatermark);
        assertThat(partition.lastStableOffset()).as(where).isEqualTo(highWatermark);
        assertThat(partition.logEndOffset()).as(where).isEqualTo(end);
        assertThat(partition.leadership().isLocal()).as(where).isEqualTo(leads);
        assertThat(watched).as(where).isEqualTo(highWatermark);
        for (Waiter waiter : waiters) {
            assertThat(waiter.abandoned).as(where).isEqualTo(waiter.mustBeAbandoned);
            assertThat(waiter.committed).as(where).isEqualTo(!waiter.mustBeAbandoned && waiter.offset <= highWatermark);
        }
    }

    private static final class Waiter implements Acknowledgement {
        private final long offset;
        private boolean committed;
        private boolean abandoned;
        private boolean mustBeAbandoned;

        Waiter(long offset) {
            this.offset = offset;
        }

        @Override
        public void committed() {
            assertThat(committed || abandoned).isFalse();
            committed = true;
        }

        @Override
        public void abandoned(ErrorCode error) {
            assertThat(committed || abandoned).isFalse();
            abandoned = true;
        }
    }

    private final class NewestWatch extends PartitionWatch {
        @Override
        protected void listed(Partition source) {
            watched = source.highWatermark();
        }

        @Override
        protected void advanced(Partition source, long bytes) {
            watched = source.highWatermark();
        }

        @Override
        protected void changed(Partition source) {
            watched = source.highWatermark();
        }
    }
}
