package io.milena.server.handler.topic;

import io.milena.server.strand.Timeout;
import io.milena.server.strand.Timers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** How long a client wants to wait for a change. What comes too late is still done; the client is told that it has to look. */
final class TimeLimit {
    private final Timers timers;

    TimeLimit(Timers timers) {
        this.timers = timers;
    }

    /**
     * What {@code change} gives, or {@code tooLate} if that takes longer than {@code timeoutMs}. Without any time, as Kafka
     * does it, nothing is begun.
     */
    <T> CompletionStage<T> within(int timeoutMs, Supplier<CompletionStage<T>> change, Supplier<T> tooLate) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        if (timeoutMs <= 0) {
            answer.complete(tooLate.get());
            return answer;
        }
        Timeout timeout = timers.schedule(timeoutMs, () -> answer.complete(tooLate.get()));
        change.get().whenComplete((result, failure) -> {
            timeout.cancel();
            if (failure == null) {
                answer.complete(result);
            } else {
                answer.completeExceptionally(failure);
            }
        });
        return answer;
    }
}
