package io.milena.log;

import io.milena.log.batch.RecordBatch;
import io.milena.log.recovery.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A copy of a log in another data folder, which takes the place of the log once it has all of its records (KIP-113). It lies in
 * a folder of a name of its own until then. The change of that name is the moment from which on it is the partition's: a
 * process that dies before leaves the log as it was, one that dies afterwards leaves two folders, of which the copy is the
 * one that was moved more often.
 *
 * <p>Used by one thread at a time; what blocks on the disk says so. While it is there the log is not to be compacted: the copy
 * might miss that a key was deleted.
 */
public final class FutureLog {
    private static final Logger LOG = LoggerFactory.getLogger(FutureLog.class);
    private static final int CHUNK_BYTES = 1 << 20;

    private final PartitionLog source;
    private final LogDirectory target;
    private final LogContext context;
    private final FutureFolder folder;
    private final PartitionLog copy;
    private volatile boolean inDoubt;

    private FutureLog(
            PartitionLog source, LogDirectory target, LogContext context, FutureFolder folder, PartitionLog copy) {
        this.source = source;
        this.target = target;
        this.context = context;
        this.folder = folder;
        this.copy = copy;
    }

    /**
     * An empty copy. Blocks on the disk.
     *
     * @param source whose compaction is paused
     * @param topicId the topic's id
     * @param target the data folder, which holds no partition of that name
     * @param context of the target's logs
     * @throws LogException {@link LogError#STORAGE_ERROR} if the disk fails
     */
    public static FutureLog begin(PartitionLog source, UUID topicId, LogDirectory target, LogContext context) {
        String name = source.directory().getFileName().toString();
        Path path = target.path().resolve(name + DeletedFolder.mark(FutureFolder.SUFFIX));
        try {
            int moves = PartitionFolder.at(source.directory())
                    .map(PartitionFolder::moves)
                    .orElse(0);
            setAside(target.path().resolve(name), context);
            Files.createDirectories(path);
            PartitionFolder.describe(path, topicId, moves + 1);
        } catch (IOException e) {
            DeletedFolder.remove(path);
            throw new LogException(LogError.STORAGE_ERROR, "Cannot begin " + path, e);
        }
        LogContext unknown = new LogContext(
                context.clock(),
                context.background(),
                context.openFiles(),
                LogContext.NO_CHECKPOINTS,
                context.damage());
        PartitionLog copy = PartitionLog.open(path, source.settings(), unknown);
        return new FutureLog(source, target, context, new FutureFolder(path, name), copy);
    }

    /** What an earlier move or an earlier topic left under the name. */
    private static void setAside(Path named, LogContext context) throws IOException {
        if (Files.exists(named)) {
            LOG.warn("event=old-folder-removed folder={}", named);
            Path renamed = DeletedFolder.rename(named);
            context.background().execute(() -> DeletedFolder.remove(renamed));
        }
    }

    /**
     * Copies about 1 MiB. Blocks on the disk.
     *
     * @return how many bytes; 0 if nothing was missing
     * @throws LogException if one of the disks fails, or the log is damaged, closed or deleted
     */
    public int copySome() {
        copy.settings(source.settings());
        long end = source.logEndOffset();
        long start = source.logStartOffset();
        long from = Math.max(copy.logEndOffset(), start);
        try (LogSlice slice = source.read(from, CHUNK_BYTES, end, ReadSize.WHOLE_FIRST_BATCH)) {
            if (slice.isEmpty()) {
                goOnAt(end, start);
                return 0;
            }
            ByteBuffer batches = ByteBuffer.allocate(slice.sizeInBytes());
            slice.readInto(batches);
            batches.flip();
            goOnAt(RecordBatch.at(batches, 0).baseOffset(), start);
            copy.appendReplicated(batches);
            return batches.limit();
        }
    }

    /** Lets the copy end at an offset: it begins there if it has nothing that the log still has. */
    private void goOnAt(long offset, long start) {
        long end = copy.logEndOffset();
        if (end < start || (end == copy.logStartOffset() && end != offset)) {
            copy.truncateFullyAndStartAt(offset);
        } else if (end < offset) {
            copy.skipTo(offset);
        } else if (end > offset) {
            copy.truncateTo(offset);
        }
    }

    /** Makes what was copied durable, so that little is left to do when it takes the log's place. Blocks on the disk. */
    public void flush() {
        copy.flush();
    }

    /** How many offsets the copy is behind. Any thread. */
    public long lag() {
        return Math.max(0, source.logEndOffset() - copy.logEndOffset());
    }

    /** Bytes of the copy. Any thread. */
    public long sizeInBytes() {
        return copy.sizeInBytes();
    }

    /**
     * Copies what little is missing and lets the log go on with the files of the copy. By the owner of the log; waits for
     * the disk until the rest and some names are durable.
     *
     * @return the files the log had until now, to be deleted
     * @throws LogException {@link LogError#STORAGE_ERROR} if a disk fails. The log is as it was, or, if it cannot be told
     *     which files the next opening will find, takes no changes any more; this copy is to be discarded
     */
    public PartitionLog replaceSource() {
        while (copySome() > 0) {
            LOG.debug("event=last-records-copied log={}", folder.path());
        }
        copy.deleteBefore(source.logStartOffset());
        copy.close();
        Path named = target.path().resolve(folder.partition());
        try {
            target.expect(folder.partition(), source.logStartOffset(), source.firstDirtyOffset());
            Files.move(folder.path(), named, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new LogException(LogError.STORAGE_ERROR, "Cannot rename " + folder.path(), e);
        }
        try {
            AtomicFile.forceDirectory(target.path());
            PartitionLog opened = PartitionLog.open(named, source.settings(), justClosed());
            if (opened.logEndOffset() != source.logEndOffset()) {
                opened.abandon();
                throw new IOException("The copy ends at " + opened.logEndOffset());
            }
            return source.adopt(opened);
        } catch (IOException | LogException e) {
            undo(named);
            throw new LogException(LogError.STORAGE_ERROR, "Cannot go on with " + named, e);
        }
    }

    /** Takes the name away from the copy again. Where that fails, nothing may be added to the log, as the copy would lack it. */
    private void undo(Path named) {
        try {
            DeletedFolder.rename(named);
            AtomicFile.forceDirectory(target.path());
        } catch (IOException e) {
            inDoubt = true;
            throw source.failBecause("Cannot take back " + named, e);
        }
    }

    /** The context of a log that was closed by this process: it needs no check. */
    private LogContext justClosed() {
        long end = copy.logEndOffset();
        return new LogContext(
                context.clock(),
                context.background(),
                context.openFiles(),
                new JustClosed(context.checkpoints(), end),
                context.damage());
    }

    /** Whether nobody can tell which files the next opening will find: then nothing may be added to the log any more. */
    public boolean isInDoubt() {
        return inDoubt;
    }

    /** Gives the files back; the folder stays, and the next start begins anew. */
    public void abandon() {
        copy.abandon();
    }

    /** Gives the files back and removes them. Blocks on the disk. */
    public void discard() {
        copy.abandon();
        folder.remove();
    }
}
