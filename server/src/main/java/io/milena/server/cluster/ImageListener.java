package io.milena.server.cluster;

import java.util.concurrent.CompletionStage;

/** Somebody who follows the cluster's changes. */
public interface ImageListener {
    /**
     * Told of a new image before anybody can get it from {@link ImageSource#image()}. Called on the controller's thread, one call at
     * a time, in the order of the images, each {@code previous} being the {@code next} before. Must bring its work to strands or
     * other threads and return.
     *
     * @return completed when the listener has done what the image asks for; only then the image becomes current, the next one
     *     follows, and whoever asked for the change is answered
     */
    CompletionStage<Void> imageChanged(ClusterImage previous, ClusterImage next);
}
