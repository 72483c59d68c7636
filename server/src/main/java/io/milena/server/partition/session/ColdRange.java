package io.milena.server.partition.session;

import io.milena.log.LogException;
import io.milena.log.PartitionLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One read ahead for one partition of a session, which is looked at again as soon as what it asked for is there. Runs on a background thread. */
final class ColdRange implements Runnable {
    /** What is read beyond what a fetch asked for, as the next one will ask for it. */
    static final int BYTES_AHEAD = 4 * 1024 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(ColdRange.class);

    private final FetchSession session;
    private final SessionPartition partition;
    private final PartitionLog log;
    private final long offset;
    private final int bytes;

    ColdRange(FetchSession session, SessionPartition partition, PartitionLog log, long offset, int bytes) {
        this.session = session;
        this.partition = partition;
        this.log = log;
        this.offset = offset;
        this.bytes = bytes;
    }

    @Override
    public void run() {
        try {
            log.bringIn(offset, bytes, 0);
            partition.broughtIn(offset);
            session.lookAgain(partition);
            log.bringIn(offset, bytes, BYTES_AHEAD);
        } catch (LogException e) {
            LOG.debug("read ahead failed, the fetch will meet the reason: offset={} reason={}", offset, e.getMessage());
        } finally {
            partition.broughtIn(offset);
            partition.endRead();
            session.lookAgain(partition);
        }
    }
}
