package io.milena.log.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Zeros behind the last batch of a file that is made durable often. To force a file that grew, the file system commits its journal;
 * inside a stretch that the disk has already it only writes the data. A file gets the next stretch when it was forced
 * {@link Rule#forces} times while the last one was used up, so that others never get any. The zeros go when the segment is made
 * durable as a whole, or when the log is opened after a crash. Belongs to the owner of the log, but for {@link #forced()}.
 */
final class Reserve {
    private static final Logger LOG = LoggerFactory.getLogger(Reserve.class);

    private final Rule rule;
    private final AtomicInteger forces = new AtomicInteger();
    private int forcesBefore;
    private long usedUpAt;
    private volatile boolean written;

    Reserve(Rule rule) {
        this.rule = rule;
    }

    /**
     * Which files get how much.
     *
     * @param bytes length of a stretch, at least 1
     * @param forces how often a file is forced while it grows by that much, at least
     */
    public record Rule(int bytes, int forces) {
        /** 64 KiB, if the file is forced at least once for every 8 KiB. */
        static final Rule DEFAULT = new Rule(64 * 1024, 8);
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
     * Notes that the file was appended to, and writes the next stretch when that is due. A failure is left to the next append to meet.
     *
     * @param end where the last batch ends, behind which the file holds nothing but zeros
     * @param zeros at least as many as the rule says; stays as it is
     */
    void appended(FileChannel file, long end, ByteBuffer zeros) {
        if (end < usedUpAt || end > Integer.MAX_VALUE - rule.bytes) {
            return;
        }
        usedUpAt = end + rule.bytes;
        int now = forces.get();
        boolean often = now - forcesBefore >= rule.forces;
        forcesBefore = now;
        if (often) {
            written = true;
            try {
                file.write(zeros.duplicate(), end);
            } catch (IOException e) {
                LOG.debug("event=reserve-failed cause=\"{}\"", e.toString());
            }
        }
    }

    /** Notes that nothing is behind the last batch any more. */
    void cut() {
        usedUpAt = 0;
    }

    /** Takes away what is left of it, once nothing is appended any more. Any thread. */
    void trim(FileChannel file, long end) throws IOException {
        if (written && file.size() > end) {
            file.truncate(end);
        }
    }
}
