package io.milena.server.strand;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class StrandTest {
    private final ManualExecutor home = new ManualExecutor();
    private final Strand strand = new Strand("p-0", home);
    private final List<String> ran = new ArrayList<>();

    @Test
    void shouldRunInlineWhenFree() {
        strand.execute(() -> ran.add(Thread.currentThread().getName()));

        assertThat(ran).containsExactly(Thread.currentThread().getName());
        assertThat(home.waiting()).isZero();
    }

    @Test
    void shouldQueueWorkForItselfAndRunItAfterwards() {
        strand.execute(() -> {
            strand.execute(() -> ran.add("second"));
            ran.add("first");
        });

        assertThat(ran).containsExactly("first", "second");
    }

    @Test
    void shouldNeverRunAnotherStrandInline() {
        Strand other = new Strand("p-1", home);
        strand.execute(() -> other.execute(() -> {
            assertThat(other.isInside()).isTrue();
            assertThat(strand.isInside()).isFalse();
            ran.add("other");
        }));

        assertThat(ran).isEmpty();
        home.runAll();
        assertThat(ran).containsExactly("other");
    }

    @Test
    void shouldAlwaysQueueWhenAskedTo() {
        strand.executeLater(() -> ran.add("later"));
        strand.execute(() -> ran.add("after"));

        assertThat(ran).isEmpty();
        home.runAll();
        assertThat(ran).containsExactly("later", "after");
    }

    @Test
    void shouldRunNothingOnACallersThreadWhileItIsAway() {
        ManualExecutor away = new ManualExecutor();
        strand.moveTo(away);
        strand.execute(() -> ran.add("first"));
        strand.executeLater(() -> ran.add("second"));
        assertThat(ran).isEmpty();

        away.runNext();
        assertThat(ran).as("one task a turn").containsExactly("first");
        away.runNext();
        assertThat(ran).containsExactly("first", "second");
        assertThat(away.waiting()).isZero();

        strand.comeHome();
        strand.execute(() -> ran.add("third"));
        assertThat(ran).containsExactly("first", "second", "third");
        assertThat(home.waiting()).isZero();
    }

    @Test
    void shouldLeaveTheCallersThreadWhenATaskMovesIt() {
        ManualExecutor away = new ManualExecutor();
        strand.execute(() -> {
            strand.execute(() -> ran.add("second"));
            strand.execute(() -> ran.add("third"));
            strand.moveTo(away);
            ran.add("first");
        });
        assertThat(ran).containsExactly("first");

        away.runNext();
        assertThat(ran).containsExactly("first", "second");
        strand.comeHome();
        away.runAll();
        assertThat(ran).containsExactly("first", "second", "third");
    }

    @Test
    void shouldHandTheRestToItsHomeAfterItsShare() {
        int tasks = Strand.MAX_INLINE_TASKS * 2 + 10;
        strand.execute(() -> {
            for (int i = 0; i < tasks; i++) {
                strand.execute(() -> ran.add("task"));
            }
        });

        assertThat(ran).hasSize(Strand.MAX_INLINE_TASKS);
        assertThat(home.runNext()).isTrue();
        assertThat(ran).hasSize(Strand.MAX_INLINE_TASKS * 2);
        home.runAll();
        assertThat(ran).hasSize(tasks);
    }

    @Test
    void shouldGoOnAfterATaskThatThrows() {
        strand.execute(() -> {
            strand.execute(() -> ran.add("next"));
            throw new IllegalStateException("a task that fails, on purpose");
        });

        assertThat(ran).containsExactly("next");
        assertThat(strand.isInside()).isFalse();
    }

    /** One thread is stopped between queueing its task and counting it; another thread's tasks must keep their order all the same. */
    @Test
    void shouldKeepOrderWhileAnotherThreadIsBetweenQueueingAndCounting() throws Exception {
        ExecutorService owner = Executors.newSingleThreadExecutor();
        ExecutorService sender = Executors.newSingleThreadExecutor();
        StoppingQueue queue = new StoppingQueue();
        Strand contended = new Strand("contended", home, queue);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        Future<?> busy = owner.submit(() -> contended.execute(() -> {
            entered.countDown();
            awaitUninterruptibly(leave);
        }));
        entered.await();
        queue.afterNextAdd = () -> {
            get(sender.submit(() -> contended.execute(() -> ran.add("first"))));
            leave.countDown();
            get(busy);
            get(sender.submit(() -> contended.execute(() -> ran.add("second"))));
        };
        contended.execute(() -> ran.add("stopped"));

        assertThat(ran).containsExactly("stopped", "first", "second");
        owner.shutdown();
        sender.shutdown();
    }

    @Test
    void shouldKnowWhoIsInside() {
        assertThatThrownBy(strand::assertInside)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("p-0");
        strand.execute(() -> {
            strand.assertInside();
            ran.add("inside");
        });
        assertThat(ran).containsExactly("inside");
    }

    private static void get(Future<?> future) {
        try {
            future.get(10, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @SuppressWarnings("serial")
    private static final class StoppingQueue extends ConcurrentLinkedQueue<Runnable> {
        private Runnable afterNextAdd = () -> {};

        @Override
        public boolean add(Runnable task) {
            boolean added = super.add(task);
            Runnable stop = afterNextAdd;
            afterNextAdd = () -> {};
            stop.run();
            return added;
        }
    }
}
