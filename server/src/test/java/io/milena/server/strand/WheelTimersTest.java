package io.milena.server.strand;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WheelTimersTest {
    @Test
    void shouldRunTasksNeverEarlyAndNotWhenCancelled() throws Exception {
        try (WheelTimers timers = new WheelTimers()) {
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
        try (WheelTimers timers = new WheelTimers()) {
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
}
