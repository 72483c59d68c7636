package io.milena.log.segment;

import java.io.IOException;

/** The records that were asked for are damaged so that not even their bytes can be told from those of others. */
public final class DamagedRecordsException extends IOException {
    private final long nextOffset;

    DamagedRecordsException(Segment segment, long position, long fromOffset, long nextOffset) {
        super("Offsets " + fromOffset + " to " + (nextOffset - 1) + " are damaged at position " + position + " of "
                + segment);
        this.nextOffset = nextOffset;
    }

    /** The offset from which on reading works again. */
    public long nextOffset() {
        return nextOffset;
    }
}
