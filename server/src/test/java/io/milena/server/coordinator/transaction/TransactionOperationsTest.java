package io.milena.server.coordinator.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random producers of both generations, zombies among them, while coordinators restart at any step, markers and answers get lost, time
 * passes and records are refused. What was committed is seen exactly once, of what was not nothing is ever seen, and no transaction is
 * left open in a partition.
 */
class TransactionOperationsTest {
    private static final int RUNS = 16;
    private static final int STEPS = 1_500;

    /** Records that a run commits at the least, on average; with fewer the test would show nothing. */
    private static final int MIN_COMMITTED = 40;

    @TempDir
    Path folder;

    @Test
    void shouldShowWhatIsCommittedExactlyOnceAndNothingElse() {
        int committed = 0;
        for (int run = 0; run < RUNS; run++) {
            long seed = run < RUNS / 2 ? run : System.nanoTime() + run;
            try (Run random = new Run(seed, folder.resolve(Long.toHexString(seed)))) {
                random.run();
                committed += random.committed();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        assertThat(committed).isGreaterThan(RUNS * MIN_COMMITTED);
    }

    private static final class Run implements AutoCloseable {
        private final Random random;
        private final TransactionWorld world;
        private final TransactionLedger ledger = new TransactionLedger();
        private final List<String> ids = new ArrayList<>();
        private final List<RandomProducer> producers = new ArrayList<>();
        private final List<RandomProducer> zombies = new ArrayList<>();

        Run(long seed, Path folder) {
            random = new Random(seed);
            world = new TransactionWorld(random, folder);
            for (int i = 0; i < 1 + random.nextInt(3); i++) {
                ids.add("tx" + i);
                producers.add(producer(i));
            }
        }

        private RandomProducer producer(int index) {
            return new RandomProducer(world, random, ledger, ids.get(index), random.nextInt(3) > 0);
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                step();
                if (step % 100 == 0) {
                    assertNothingElseIsSeen();
                }
            }
            world.calmDown();
            assertNothingElseIsSeen();
            assertAllIsSeen();
        }

        private void step() {
            int index = random.nextInt(producers.size());
            switch (random.nextInt(200)) {
                case 0 -> world.restartCoordinator();
                case 1 -> world.restartGroups();
                case 2, 3 -> world.advance(random.nextInt(30_000));
                case 4 -> world.refuseRecords(true);
                case 5, 6, 7, 8 -> world.refuseRecords(false);
                case 9 -> {
                    zombies.add(producers.get(index));
                    producers.set(index, producer(index));
                }
                case 10, 11, 12, 13, 14 -> world.advance(random.nextInt(200));
                case 15, 16, 17, 18, 19, 20 -> {
                    if (!zombies.isEmpty()) {
                        zombies.get(random.nextInt(zombies.size())).act();
                    }
                }
                default -> {
                    if (random.nextInt(3) == 0) {
                        act(index);
                    } else {
                        for (int i = 0; i < random.nextInt(4); i++) {
                            world.turn();
                        }
                    }
                }
            }
        }

        private void act(int index) {
            if (producers.get(index).isDead()) {
                producers.set(index, producer(index));
            }
            producers.get(index).act();
        }

        private void assertNothingElseIsSeen() {
            for (int partition = 0; partition < TransactionWorld.PARTITIONS; partition++) {
                List<String> visible = world.visible(partition);
                Set<String> committed = new HashSet<>(ledger.values(partition));
                assertThat(visible).doesNotHaveDuplicates().allMatch(committed::contains);
            }
        }

        private void assertAllIsSeen() {
            for (int partition = 0; partition < TransactionWorld.PARTITIONS; partition++) {
                assertThat(world.visible(partition)).containsExactlyInAnyOrderElementsOf(ledger.values(partition));
                assertThat(world.isHanging(partition))
                        .as("hanging %d", partition)
                        .isFalse();
            }
            for (String id : ids) {
                assertThat(world.committedOffset(id)).as(id).isEqualTo(ledger.offset(id));
            }
        }

        int committed() {
            int committed = 0;
            for (int partition = 0; partition < TransactionWorld.PARTITIONS; partition++) {
                committed += ledger.values(partition).size();
            }
            return committed;
        }

        @Override
        public void close() {
            world.close();
        }
    }
}
