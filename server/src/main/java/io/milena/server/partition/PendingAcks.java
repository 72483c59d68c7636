package io.milena.server.partition;

import io.milena.protocol.ErrorCode;
import java.util.ArrayDeque;

/**
 * Acknowledgements that wait for the high watermark. Offsets only grow, so the queue is ordered and everything due is at its head.
 * Owned by the partition's strand; its length is bounded by the requests in flight.
 */
final class PendingAcks {
    private final ArrayDeque<Pending> queue = new ArrayDeque<>();

    private record Pending(long offset, Acknowledgement acknowledgement) {}

    /** Waits until the high watermark reaches {@code offset}, the one after the last record that must be committed. */
    void add(long offset, Acknowledgement acknowledgement) {
        Pending last = queue.peekLast();
        if (last == null || last.offset <= offset) {
            queue.addLast(new Pending(offset, acknowledgement));
        } else {
            addInOrder(new Pending(offset, acknowledgement));
        }
    }

    /** Completes everything below the high watermark. */
    void complete(long highWatermark) {
        for (Pending head = queue.peekFirst(); head != null && head.offset <= highWatermark; head = queue.peekFirst()) {
            queue.removeFirst();
            head.acknowledgement.committed();
        }
    }

    /** Gives up everything that waits. */
    void abandon(ErrorCode error) {
        for (Pending head = queue.pollFirst(); head != null; head = queue.pollFirst()) {
            head.acknowledgement.abandoned(error);
        }
    }

    int size() {
        return queue.size();
    }

    /** A duplicate of an earlier batch waits for an offset below the last one; rare, so the cost of moving the tail does not matter. */
    private void addInOrder(Pending pending) {
        ArrayDeque<Pending> later = new ArrayDeque<>();
        while (!queue.isEmpty() && queue.getLast().offset > pending.offset) {
            later.addFirst(queue.removeLast());
        }
        queue.addLast(pending);
        queue.addAll(later);
    }
}
