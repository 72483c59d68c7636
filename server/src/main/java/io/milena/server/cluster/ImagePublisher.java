package io.milena.server.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows images to the listeners, one image after the other, and makes each the current one when the listeners are done with it.
 * Used on the controller's strand; {@link #image()} by any thread.
 */
final class ImagePublisher {
    private static final Logger LOG = LoggerFactory.getLogger(ImagePublisher.class);

    private final Executor strand;
    private final List<ImageListener> listeners = new CopyOnWriteArrayList<>();
    private volatile ClusterImage image;
    private ClusterImage last;
    private CompletionStage<Void> lastDone = CompletableFuture.completedStage(null);

    /** @param strand runs tasks on the controller's strand, never at once */
    ImagePublisher(ClusterImage beginning, Executor strand) {
        this.strand = strand;
        image = beginning;
        last = beginning;
    }

    ClusterImage image() {
        return image;
    }

    void subscribe(ImageListener listener) {
        listeners.add(listener);
    }

    /** Completes when {@code next} is the current image. */
    CompletionStage<Void> publish(ClusterImage next) {
        ClusterImage previous = last;
        last = next;
        lastDone = lastDone.thenComposeAsync(ignored -> tell(previous, next), strand)
                .thenRun(() -> image = next);
        return lastDone;
    }

    private CompletionStage<Void> tell(ClusterImage previous, ClusterImage next) {
        List<CompletableFuture<Void>> done = new ArrayList<>(listeners.size());
        for (ImageListener listener : listeners) {
            done.add(tell(listener, previous, next));
        }
        return CompletableFuture.allOf(done.toArray(new CompletableFuture<?>[0]));
    }

    /** A listener that fails must not hold up the others, nor the next image. */
    private static CompletableFuture<Void> tell(ImageListener listener, ClusterImage previous, ClusterImage next) {
        CompletionStage<Void> done;
        try {
            done = listener.imageChanged(previous, next);
        } catch (RuntimeException e) {
            done = CompletableFuture.failedStage(e);
        }
        return done.exceptionally(e -> {
                    LOG.error("image listener failed: listener={}", listener, e);
                    return null;
                })
                .toCompletableFuture();
    }
}
