package io.milena.log.segment;

import java.io.IOException;

/** The bytes of a segment, or its index, are not what was written. */
public final class DamagedSegmentException extends IOException {
    /** Damage at a position of the data file. */
    public DamagedSegmentException(Segment segment, long position) {
        super("No batch at position " + position + " of " + segment);
    }
}
