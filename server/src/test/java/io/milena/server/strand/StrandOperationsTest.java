package io.milena.server.strand;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random work from several threads to several strands: in order per sender, one at a time, nothing lost. */
class StrandOperationsTest {
    private static final int SENDERS = 4;
    private static final int STRANDS = 3;
    private static final int TASKS = 20_000;

    private final List<Target> targets = new ArrayList<>();

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 20261122})
    void shouldKeepOrderAndExclusionAndLoseNothing(long seed) throws Exception {
        ExecutorService home = Executors.newFixedThreadPool(2);
        ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
        CountDownLatch done = new CountDownLatch(SENDERS * TASKS);
        for (int i = 0; i < STRANDS; i++) {
            targets.add(new Target(new Strand("strand-" + i, home), home, done));
        }
        CyclicBarrier start = new CyclicBarrier(SENDERS);
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < SENDERS; i++) {
            int sender = i;
            running.add(senders.submit(() -> {
                start.await();
                send(sender, new Random(seed + sender));
                return null;
            }));
        }
        for (Future<?> sender : running) {
            sender.get(30, TimeUnit.SECONDS);
        }

        assertThat(done.await(30, TimeUnit.SECONDS)).as("all tasks ran").isTrue();
        assertThat(targets).extracting(target -> target.violation).containsOnly("");
        senders.shutdown();
        home.shutdown();
        assertThat(home.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    private void send(int sender, Random random) {
        int[] sent = new int[STRANDS];
        for (int i = 0; i < TASKS; i++) {
            int to = random.nextInt(STRANDS);
            int number = sent[to]++;
            Target target = targets.get(to);
            Target other = targets.get((to + 1) % STRANDS);
            boolean forward = random.nextInt(8) == 0;
            Runnable task = () -> target.receive(sender, number, forward ? other : target);
            if (random.nextInt(1000) == 0) {
                boolean leaves = random.nextBoolean();
                target.strand.execute(() -> target.move(leaves));
            }
            if (random.nextInt(4) == 0) {
                target.strand.executeLater(task);
            } else {
                target.strand.execute(task);
            }
        }
    }

    private static final class Target {
        private final Strand strand;
        private final Executor away;
        private final CountDownLatch done;
        private final int[] next = new int[SENDERS];
        private int busy; // plain on purpose: only exclusion keeps it right
        private volatile String violation = "";

        Target(Strand strand, Executor away, CountDownLatch done) {
            this.strand = strand;
            this.away = away;
            this.done = done;
        }

        void move(boolean leaves) {
            if (leaves) {
                strand.moveTo(away);
            } else {
                strand.comeHome();
            }
        }

        void receive(int sender, int number, Target forwardTo) {
            if (++busy != 1 || !strand.isInside()) {
                violation = "two tasks at once";
            }
            if (next[sender]++ != number) {
                violation = "sender " + sender + " sent " + number + ", expected " + (next[sender] - 1);
            }
            if (forwardTo == this) {
                done.countDown();
            } else {
                forwardTo.strand.execute(() -> {
                    if (!forwardTo.strand.isInside()) {
                        forwardTo.violation = "forwarded work ran outside";
                    }
                    done.countDown();
                });
            }
            busy--;
        }
    }
}
