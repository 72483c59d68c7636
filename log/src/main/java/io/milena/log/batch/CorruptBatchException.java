package io.milena.log.batch;

import io.milena.log.LogError;
import io.milena.log.LogException;

/** Bytes that should be a batch and are not. Knows where in the buffer they start. */
public final class CorruptBatchException extends LogException {
    private final int position;

    /** Damage that starts at a position of the buffer that was read. */
    public CorruptBatchException(int position, String message) {
        super(LogError.CORRUPT_MESSAGE, message + " at position " + position);
        this.position = position;
    }

    /** Absolute position in the buffer at which the damaged batch starts. */
    public int position() {
        return position;
    }
}
