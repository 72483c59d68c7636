package io.milena.log.compress;

import java.io.OutputStream;
import org.xerial.snappy.SnappyOutputStream;

/** Snappy blocks of 32 KiB in xerial's framing, as the Java client writes them. */
final class SnappyOutput {
    private SnappyOutput() {}

    static OutputStream writing(OutputStream target) {
        return new SnappyOutputStream(target);
    }
}
