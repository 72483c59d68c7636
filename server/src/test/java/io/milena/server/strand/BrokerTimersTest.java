package io.milena.server.strand;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BrokerTimersTest {
    @Test
    void shouldRunTasksNeverEarlyAndNotWhenCancelled() throws Exception {
        try (BrokerTimers timers = new BrokerTimers()) {
            CompletableFuture<Long> ranAtMs = new CompletableFuture<>();
            CompletableFuture<Long> cancelled = new CompletableFuture<>();
            long setAtMs = timers.nowMs();
            Timeout never = timers.schedule(5, () -> cancelled.complete(timers.nowMs()));
            assertThat(never.cancel()).isTrue();
            timers.schedule(30, () -> ranAtMs.complete(timers.nowMs()));

            assertThat(ranAtMs.get(10, TimeUnit.SECONDS) - setAtMs).isGreaterThanOrEqualTo(29);
            assertThat(cancelled).isNotDone();
        }
    }

    @Test
    void shouldLeaveStrandsToTheirHome() throws Exception {
        try (BrokerTimers timers = new BrokerTimers()) {
            ManualExecutor home = new ManualExecutor();
            Strand strand = new Strand("p-0", home);
            CompletableFuture<Boolean> fired = new CompletableFuture<>();
            CompletableFuture<Boolean> ran = new CompletableFuture<>();
            timers.schedule(1, () -> {
                strand.execute(() -> ran.complete(true));
                fired.complete(true);
            });

            fired.get(10, TimeUnit.SECONDS);
            assertThat(ran).isNotDone();
            home.runAll();
            assertThat(ran).isCompleted();
        }
    }

    @Test
    void shouldRunWhatIsDueBeforeWhatItWaitsFor() throws Exception {
        try (BrokerTimers timers = new BrokerTimers()) {
            CompletableFuture<String> late = new CompletableFuture<>();
            timers.schedule(3_600_000, () -> late.complete("too early"));
            for (int round = 0; round < 20; round++) {
                CompletableFuture<String> soon = new CompletableFuture<>();
                timers.schedule(round % 3, () -> soon.complete("ran"));
                assertThat(soon.get(60, TimeUnit.SECONDS)).isEqualTo("ran");
            }
            assertThat(late).isNotDone();
        }
    }

    @Test
    void shouldRunTasksInTheOrderOfTheirTimesWhateverElseIsCancelled() throws Exception {
        try (BrokerTimers timers = new BrokerTimers()) {
            List<Integer> ran = Collections.synchronizedList(new ArrayList<>());
            CompletableFuture<Boolean> last = new CompletableFuture<>();
            List<Timeout> cancelled = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                cancelled.add(timers.schedule(60_000 + i, () -> ran.add(-1)));
            }
            timers.schedule(300, () -> last.complete(ran.add(3)));
            timers.schedule(100, () -> ran.add(1));
            timers.schedule(200, () -> ran.add(2));
            cancelled.forEach(timer -> assertThat(timer.cancel()).isTrue());
            cancelled.forEach(timer -> assertThat(timer.cancel()).isFalse());

            assertThat(last.get(60, TimeUnit.SECONDS)).isTrue();
            assertThat(ran).containsExactly(1, 2, 3);
        }
    }

    @Test
    void shouldGoOnAfterATaskThatFails() throws Exception {
        try (BrokerTimers timers = new BrokerTimers()) {
            CompletableFuture<Boolean> ran = new CompletableFuture<>();
            timers.schedule(0, () -> {
                throw new IllegalStateException("on purpose");
            });
            timers.schedule(20, () -> ran.complete(true));

            assertThat(ran.get(60, TimeUnit.SECONDS)).isTrue();
        }
    }
}
