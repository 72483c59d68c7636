package io.milena.log;

import io.milena.log.compress.BlockBuffers;
import io.milena.log.segment.OpenFiles;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What the logs of a broker share.
 *
 * @param clock the broker's time
 * @param background runs what may block: making sealed segments durable, removing files
 * @param openFiles handles and indexes
 * @param checkpoints what is known from before the start
 * @param damage is told of damage in the files
 * @param buffers memory to look into compressed batches
 */
public record LogContext(
        Clock clock,
        Executor background,
        OpenFiles openFiles,
        Checkpoints checkpoints,
        Damage.Listener damage,
        BlockBuffers buffers) {
    /** A context with memory of its own. */
    public LogContext(
            Clock clock, Executor background, OpenFiles openFiles, Checkpoints checkpoints, Damage.Listener damage) {
        this(clock, background, openFiles, checkpoints, damage, new BlockBuffers());
    }

    /** A context in which damage is named in the log of the program, and nobody else is told. */
    public LogContext(Clock clock, Executor background, OpenFiles openFiles, Checkpoints checkpoints) {
        this(clock, background, openFiles, checkpoints, new DamageLog());
    }

    /** Runs what may block after a time. */
    Executor backgroundAfter(long delayMs) {
        return delayMs <= 0
                ? background
                : CompletableFuture.delayedExecutor(delayMs, TimeUnit.MILLISECONDS, background);
    }

    /** What was noted about the logs of a folder before the broker stopped. */
    public interface Checkpoints {
        /** Whether the broker closed all logs before it stopped. */
        boolean cleanShutdown();

        /** Everything below this offset of a log is durable and need not be checked; 0 if unknown. */
        long recoveryPoint(Path partitionFolder);

        /** Notes durably, before a log is cut, that it is not durable beyond an offset. Blocks on the disk. */
        default void recoveryPointAtMost(Path partitionFolder, long offset) {}

        /** First offset of a log as noted last; 0 if unknown. */
        long logStartOffset(Path partitionFolder);

        /** Notes durably the first offset of a log, asked for when it is written. Blocks on the disk. */
        default void logStartOffset(Path partitionFolder, LongSupplier offset) {}

        /** Below this offset a log was compacted, as noted last; 0 if unknown. */
        default long firstDirtyOffset(Path partitionFolder) {
            return 0;
        }

        /** Notes durably that a log is compacted below an offset. Blocks on the disk. */
        default void firstDirtyOffset(Path partitionFolder, long offset) {}
    }

    /** Nothing is known: everything is checked. */
    public static final Checkpoints NO_CHECKPOINTS = new Checkpoints() {
        @Override
        public boolean cleanShutdown() {
            return false;
        }

        @Override
        public long recoveryPoint(Path partitionFolder) {
            return 0;
        }

        @Override
        public long logStartOffset(Path partitionFolder) {
            return 0;
        }
    };
}
