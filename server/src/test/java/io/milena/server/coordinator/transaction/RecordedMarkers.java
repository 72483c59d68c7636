package io.milena.server.coordinator.transaction;

import io.milena.protocol.ErrorCode;
import io.milena.server.coordinator.TransactionMarker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Markers that go nowhere but into a list; partitions may be told to fail or to take their time. */
final class RecordedMarkers implements TransactionMarkers {
    private final List<Written> written = new ArrayList<>();
    private final Map<TopicPartition, ErrorCode> failures = new HashMap<>();
    private final Map<TopicPartition, CompletableFuture<ErrorCode>> held = new LinkedHashMap<>();
    private boolean holds;

    /** A marker in a partition. */
    record Written(TopicPartition partition, TransactionMarker marker) {}

    @Override
    public CompletionStage<ErrorCode> write(TopicPartition partition, TransactionMarker marker) {
        ErrorCode failure = failures.getOrDefault(partition, ErrorCode.NONE);
        if (failure == ErrorCode.NONE) {
            written.add(new Written(partition, marker));
        }
        if (!holds) {
            return CompletableFuture.completedFuture(failure);
        }
        CompletableFuture<ErrorCode> answer = new CompletableFuture<>();
        held.put(partition, answer);
        return answer;
    }

    List<Written> written() {
        return written;
    }

    /** A partition answers this from now on; NONE lets it succeed. */
    void fail(TopicPartition partition, ErrorCode error) {
        failures.put(partition, error);
    }

    /** Partitions answer only when released. */
    void hold() {
        holds = true;
    }

    /** All partitions that hold an answer back give it, and hold none back from now on. */
    void release() {
        holds = false;
        List<CompletableFuture<ErrorCode>> answers = List.copyOf(held.values());
        held.clear();
        answers.forEach(answer -> answer.complete(ErrorCode.NONE));
    }
}
