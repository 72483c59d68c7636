package io.milena.log.compress;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Memory for the blocks of compressed batches, which are looked at and thrown away: a few buffers are kept and used again, so that each batch
 * does not cost new ones. Their content is that of the last user. Any thread.
 */
public final class BlockBuffers {
    /** Size of each. */
    static final int BLOCK_BYTES = 64 << 10;

    /** As many as there are threads that look at batches at a time, about. */
    private static final int MAX_KEPT = 8;

    private final AtomicReferenceArray<byte @Nullable []> kept = new AtomicReferenceArray<>(MAX_KEPT);

    /** A buffer, to be given back once. */
    public byte[] take() {
        for (int i = 0; i < MAX_KEPT; i++) {
            byte[] buffer = kept.get(i) == null ? null : kept.getAndSet(i, null);
            if (buffer != null) {
                return buffer;
            }
        }
        return new byte[BLOCK_BYTES];
    }

    /** Keeps a buffer for the next one who needs it, if there is room. */
    public void giveBack(byte[] buffer) {
        for (int i = 0; i < MAX_KEPT; i++) {
            if (kept.get(i) == null && kept.compareAndSet(i, null, buffer)) {
                return;
            }
        }
    }
}
