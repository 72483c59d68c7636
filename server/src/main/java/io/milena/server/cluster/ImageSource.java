package io.milena.server.cluster;

/** Where the current image comes from. May be used from any thread. */
public interface ImageSource {
    /** The current image. A request takes it once and works with that one. */
    ClusterImage image();

    /** Adds a listener to all images from the first one on; only before the controller starts. */
    void subscribe(ImageListener listener);
}
