package io.milena.log.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Zeros behind the last batch of a file that is busy or made durable often, up to a multiple of {@link Rule#bytes}. The system keeps what is
 * written at once in one piece of memory: to overwrite such a stretch costs half the processor time of appends that let the file grow by
 * small pieces. And to force a file that grew, the file system commits its journal; inside a stretch that the disk has already it only
 * writes the data. A file gets the next stretch before an append that does not fit into the one that is used up. The zeros go when the
 * segment is made durable as a whole, when nothing was appended for a while, or when the log is opened after a crash. Belongs to the owner
 * of the log, but for {@link #forced()} and {@link #trim}.
 */
final class Reserve {
    private static final Logger LOG = LoggerFactory.getLogger(Reserve.class);

    /** Appends of more stretches than this gain little. */
    private static final int MAX_STRETCHES = 2;

    private final Rule rule;
    private final AtomicInteger forces = new AtomicInteger();
    private int forcesBefore;
    // End of the stretch that is being used up, written or not; 0 if nothing was appended yet.
    private long stretchEnd;
    // Where the last batch ended when somebody looked.
    private long endBefore;
    // Where the zeros end, 0 if there are none.
    private volatile long zerosEnd;

    Reserve(Rule rule) {
        this.rule = rule;
    }

    /**
     * Which files get how much.
     *
     * @param bytes length of a stretch, at least 1
     * @param forces files that are forced so often while a stretch is used up get the next one
     * @param busyBytes and so do files of at least that size
     */
    public record Rule(int bytes, int forces, int busyBytes) {
        /**
         * 32 KiB, if the file is forced at least once for every 8 KiB, or has 1 MiB. Larger pieces of memory (Linux: more than 8 pages) do not
         * come from what the system has at hand.
         */
        static final Rule DEFAULT = new Rule(32 * 1024, 4, 1 << 20);
    }

    /** Whether a stretch of a file is nothing but zeros. */
    static boolean isAll(FileChannel file, long from, long to, ByteBuffer buffer) throws IOException {
        long at = from;
        while (at < to) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), to - at));
            int count = file.read(buffer, at);
            if (count < 0) {
                return false;
            }
            buffer.flip();
            while (buffer.hasRemaining()) {
                if (buffer.get() != 0) {
                    return false;
                }
            }
            at += count;
        }
        return true;
    }

    /** Notes that the file was made durable. Any thread. */
    void forced() {
        forces.incrementAndGet();
    }

    /**
     * Notes that the file is about to be appended to, and writes the next stretch when that is due. A failure is left to the append to
     * meet.
     *
     * @param end where the last batch ends, behind which the file holds nothing but zeros
     * @param bytes how much is appended
     * @param zeros at least as many as a stretch has; stays as it is
     */
    void appending(FileChannel file, long end, int bytes, ByteBuffer zeros) {
        if (end + bytes <= stretchEnd) {
            return;
        }
        boolean usedUp = stretchEnd > 0;
        int now = forces.get();
        boolean often = now - forcesBefore >= rule.forces;
        forcesBefore = now;
        stretchEnd = (end + bytes + rule.bytes - 1) / rule.bytes * rule.bytes;
        boolean isWorthIt = (often || end >= rule.busyBytes) && bytes <= MAX_STRETCHES * rule.bytes;
        if (usedUp && isWorthIt && stretchEnd <= Integer.MAX_VALUE) {
            long from = Math.max(end, zerosEnd);
            zerosEnd = stretchEnd;
            try {
                write(file, from, zeros);
            } catch (IOException e) {
                LOG.debug("event=reserve-failed cause=\"{}\"", e.toString());
            }
        }
    }

    private void write(FileChannel file, long from, ByteBuffer zeros) throws IOException {
        ByteBuffer rest = zeros.duplicate();
        long at = from;
        while (at < stretchEnd) {
            at += file.write(rest.clear().limit((int) Math.min(rule.bytes, stretchEnd - at)), at);
        }
    }

    /** Notes where the last batch ends; gives whether it did so when this was called last, and zeros are behind it. */
    boolean restsAt(long end) {
        boolean rests = end == endBefore && zerosEnd > end;
        endBefore = end;
        return rests;
    }

    /** Notes that nothing is behind the last batch any more. */
    void cut() {
        stretchEnd = 0;
        zerosEnd = 0;
    }

    /** Takes away what is left of it, while nothing is appended. Any thread. */
    void trim(FileChannel file, long end) throws IOException {
        if (zerosEnd > end) {
            file.truncate(end);
        }
    }
}
