package io.milena.server.partition;

import io.milena.log.Compacting;
import io.milena.log.FutureLog;
import io.milena.log.LogError;
import io.milena.log.LogException;
import io.milena.log.PartitionLog;
import io.milena.server.storage.DataFolder;
import io.milena.server.storage.DiskErrors;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One partition on its way to another data folder. Background threads copy its log, a few MiB at a time, while it is written and read;
 * once little is missing, the partition's strand copies the rest and goes on with the copy. Until then nothing has happened to the
 * partition, but that it is not compacted.
 */
final class ReplicaMove {
    /** Copied before the background thread is left to others. */
    private static final long TURN_BYTES = 4 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(ReplicaMove.class);

    private final Partition partition;
    private final FolderContents target;
    private final PartitionStore store;
    private final Executor background;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile @Nullable FutureLog copy;
    private volatile Wanted wanted = Wanted.DONE;

    /** What is to become of it. */
    enum Wanted {
        DONE,
        /** The copy goes. */
        CANCELLED,
        /** The copy stays until the next start, which begins anew. */
        STOPPED
    }

    ReplicaMove(Partition partition, FolderContents target, PartitionStore store, Executor background) {
        this.partition = partition;
        this.target = target;
        this.store = store;
        this.background = background;
    }

    Partition partition() {
        return partition;
    }

    DataFolder to() {
        return target.folder();
    }

    /** Begins; the result completes when nothing is under way any more, whatever came of it. Called once. */
    CompletableFuture<Void> begin() {
        partition.strand().execute(() -> {
            partition.log().compacting(Compacting.PAUSED);
            background.execute(this::turn);
        });
        return ended;
    }

    /** Ends it before it is done, soon. Any thread. */
    void end(Wanted how) {
        wanted = how;
    }

    /** How many offsets are still to be copied. Any thread. */
    long lag() {
        FutureLog now = copy;
        return now == null ? partition.logEndOffset() - partition.logStartOffset() : now.lag();
    }

    /** Bytes of the copy. Any thread. */
    long sizeInBytes() {
        FutureLog now = copy;
        return now == null ? 0 : now.sizeInBytes();
    }

    private boolean isOver() {
        return wanted != Wanted.DONE
                || partition.isClosed()
                || partition.isOffline()
                || !target.folder().isOnline()
                || partition.folder() == target.folder();
    }

    /** On a background thread. */
    private void turn() {
        try {
            if (isOver()) {
                giveUp();
                return;
            }
            FutureLog now = copy;
            if (now == null) {
                copy = FutureLog.begin(partition.log(), partition.topicId(), target.directory(), target.context());
                background.execute(this::turn);
                return;
            }
            long bytes = 0;
            int copied = -1;
            while (bytes < TURN_BYTES && copied != 0) {
                copied = now.copySome();
                bytes += copied;
            }
            if (copied != 0) {
                background.execute(this::turn);
            } else {
                now.flush();
                partition.strand().execute(() -> takePlace(now));
            }
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    /** Inside the strand. */
    private void takePlace(FutureLog complete) {
        DataFolder from = partition.folder();
        try {
            boolean grewOn = !isOver() && complete.copySome() > 0 && complete.lag() > 0;
            if (isOver() || grewOn) {
                background.execute(this::turn);
                return;
            }
            PartitionLog replaced = partition.relocation().run(complete, target);
            background.execute(() -> moved(from, replaced));
        } catch (RuntimeException e) {
            background.execute(() -> failed(e));
        }
    }

    private void moved(DataFolder from, PartitionLog replaced) {
        store.moved(from, target);
        LOG.info("partition moved: partition={} from={} to={}", partition, from, target.folder());
        try {
            partition.log().persistLogStartOffset();
        } catch (LogException e) {
            LOG.warn("log start not noted: partition={} reason=\"{}\"", partition, DiskErrors.reason(e));
        }
        try {
            replaced.delete();
        } catch (LogException e) {
            LOG.error("not removed after a move: folder={} reason=\"{}\"", replaced.directory(), DiskErrors.reason(e));
            store.leftBehind(from, partition);
        }
        ended.complete(null);
    }

    private void failed(RuntimeException cause) {
        if (!isOver()) {
            LOG.error(
                    "partition not moved, it stays where it is: partition={} from={} to={}",
                    partition,
                    partition.folder(),
                    target.folder(),
                    cause);
            if (cause instanceof LogException failure && failure.error() == LogError.STORAGE_ERROR) {
                target.failed(partition);
            }
        }
        giveUp();
    }

    private void giveUp() {
        FutureLog begun = copy;
        if (begun != null) {
            boolean keep = wanted == Wanted.STOPPED || partition.isOffline() || begun.isInDoubt();
            if (keep) {
                begun.abandon();
            } else {
                begun.discard();
            }
        }
        partition.strand().execute(() -> {
            partition.log().compacting(Compacting.ALLOWED);
            ended.complete(null);
        });
    }
}
