package io.milena.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a log should hold, as plain lists. */
final class LogModel {
    final List<Batch> batches = new ArrayList<>();
    long logStart;
    long logEnd;

    /** One appended batch; {@code marker} tells how it ended a transaction. */
    record Batch(
            long base,
            List<Long> timestamps,
            byte[] bytes,
            int epoch,
            long producerId,
            int lastSequence,
            boolean transactional,
            @Nullable Boolean abortMarker) {
        long last() {
            return base + timestamps.size() - 1;
        }
    }

    record Found(long offset, long timestamp, int epoch) {}

    record Aborted(long producerId, long first, long last) {}

    /** State of one producer: sequence of its last record, first offset of its open transaction or -1. */
    record Producer(int lastSequence, long transactionStart) {}

    void add(Batch batch) {
        batches.add(batch);
        logEnd = batch.last() + 1;
    }

    void truncate(long offset) {
        batches.removeIf(batch -> batch.last() >= offset);
        logEnd = offset;
        logStart = Math.min(logStart, offset);
    }

    void startAt(long offset) {
        batches.clear();
        logStart = offset;
        logEnd = offset;
    }

    /** The batches a reader may get from an offset on, in order. */
    List<Batch> readable(long offset, long limit) {
        return batches.stream()
                .filter(batch -> batch.last() >= offset && batch.base() < limit)
                .toList();
    }

    Optional<Found> firstAtOrAfter(long timestamp, long limit) {
        for (Batch batch : readable(logStart, limit)) {
            for (int i = 0; i < batch.timestamps().size(); i++) {
                long found = batch.timestamps().get(i);
                if (batch.base() + i >= logStart && found >= timestamp) {
                    return Optional.of(new Found(batch.base() + i, found, batch.epoch()));
                }
            }
        }
        return Optional.empty();
    }

    Optional<Found> newest(long limit) {
        long max = -1;
        for (Batch batch : readable(logStart, limit)) {
            for (int i = 0; i < batch.timestamps().size(); i++) {
                max = batch.base() + i >= logStart
                        ? Math.max(max, batch.timestamps().get(i))
                        : max;
            }
        }
        return max < 0 ? Optional.empty() : firstAtOrAfter(max, limit);
    }

    List<Aborted> aborted(long from, long upTo) {
        List<Aborted> found = new ArrayList<>();
        Map<Long, Long> open = new TreeMap<>();
        for (Batch batch : batches) {
            if (batch.abortMarker() != null) {
                Long first = open.remove(batch.producerId());
                if (first != null && batch.abortMarker() && batch.last() >= from && first < upTo) {
                    found.add(new Aborted(batch.producerId(), first, batch.last()));
                }
            } else if (batch.transactional()) {
                open.putIfAbsent(batch.producerId(), batch.base());
            }
        }
        return found;
    }

    Map<Long, Producer> producers() {
        Map<Long, Producer> producers = new TreeMap<>();
        for (Batch batch : batches) {
            if (batch.producerId() >= 0) {
                Producer before = producers.getOrDefault(batch.producerId(), new Producer(-1, -1));
                Producer after = batch.abortMarker() != null
                        ? new Producer(before.lastSequence(), -1)
                        : new Producer(
                                batch.lastSequence(),
                                batch.transactional() && before.transactionStart() < 0
                                        ? batch.base()
                                        : before.transactionStart());
                producers.put(batch.producerId(), after);
            }
        }
        return producers;
    }

    long lastStable() {
        return producers().values().stream()
                .mapToLong(Producer::transactionStart)
                .filter(start -> start >= 0)
                .map(start -> Math.max(start, logStart))
                .min()
                .orElse(logEnd);
    }

    /** The offsets at which batches begin, and the end. */
    List<Long> boundaries() {
        List<Long> found = new ArrayList<>();
        batches.forEach(batch -> found.add(batch.base()));
        found.add(logEnd);
        return found;
    }
}
