package io.milena.server.cluster;

import io.milena.server.strand.Strand;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives out producer ids, each once, from blocks that the controller reserves. Its state belongs to its strand; {@link #take} may be called
 * by any thread.
 */
public final class ProducerIds {
    private final Strand strand;
    private final int blockSize;
    private final Supplier<CompletionStage<Long>> nextBlock;
    private final Queue<CompletableFuture<Long>> waiting = new ArrayDeque<>();
    private long next;
    private long end;

    /**
     * @param strand owned by this object alone
     * @param blockSize how many ids a block holds
     * @param nextBlock reserves a block and gives its first id
     */
    public ProducerIds(Strand strand, int blockSize, Supplier<CompletionStage<Long>> nextBlock) {
        this.strand = strand;
        this.blockSize = blockSize;
        this.nextBlock = nextBlock;
    }

    /** An id that nobody else gets, now or later; fails if no block can be reserved. */
    public CompletionStage<Long> take() {
        CompletableFuture<Long> id = new CompletableFuture<>();
        strand.execute(() -> give(id));
        return id;
    }

    private void give(CompletableFuture<Long> id) {
        if (next < end) {
            id.complete(next++);
            return;
        }
        waiting.add(id);
        if (waiting.size() == 1) {
            nextBlock.get().whenComplete((first, failure) -> strand.execute(() -> reserved(first, failure)));
        }
    }

    private void reserved(@Nullable Long first, @Nullable Throwable failure) {
        Queue<CompletableFuture<Long>> served = new ArrayDeque<>(waiting);
        waiting.clear();
        if (first == null) {
            served.forEach(id -> id.completeExceptionally(
                    failure == null ? new IllegalStateException("no block of producer ids") : failure));
            return;
        }
        next = first;
        end = first + blockSize;
        served.forEach(this::give);
    }
}
