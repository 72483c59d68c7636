package io.milena.log.segment;

import java.io.IOException;

/** A segment was cut, cleaned or deleted while it was looked at. The log has published others in its place before. */
public final class SegmentGoneException extends IOException {
    SegmentGoneException(Segment segment) {
        super("Gone: " + segment);
    }
}
