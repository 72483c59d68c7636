package io.milena.log;

import io.milena.log.clean.Retention;
import io.milena.log.recovery.LogMemory;
import java.io.IOException;
import java.nio.file.Path;

/** The end at which a log is deleted: where it starts, and which segments go. Belongs to the owner of the log. */
final class LogRetention {
    private final Path directory;
    private final LogContext context;
    private final LogState state;
    private final LogMemory memory;
    private final SegmentChain chain;
    private final LogAppender appender;

    LogRetention(
            Path directory,
            LogContext context,
            LogState state,
            LogMemory memory,
            SegmentChain chain,
            LogAppender appender) {
        this.directory = directory;
        this.context = context;
        this.state = state;
        this.memory = memory;
        this.chain = chain;
        this.appender = appender;
    }

    void deleteBefore(long newLogStartOffset) {
        state.checkOpen();
        if (newLogStartOffset > state.logEndOffset()) {
            throw new LogException(
                    LogError.OFFSET_OUT_OF_RANGE,
                    "Offset " + newLogStartOffset + " is behind the end " + state.logEndOffset());
        }
        if (newLogStartOffset > state.logStartOffset()) {
            state.logStartOffset(newLogStartOffset);
            try {
                memory.startsAt(newLogStartOffset, state.segments().first().baseOffset());
            } catch (IOException e) {
                throw state.failBecause("Cannot remove snapshots", e);
            }
        }
    }

    /** Makes the start as it is now durable. Any thread. */
    void persistStart() {
        context.checkpoints().logStartOffset(directory, () -> {
            // Another log may have the name of one that was deleted.
            state.checkOpen();
            return state.logStartOffset();
        });
    }

    int apply(long highWatermark, LogSettings settings) {
        state.checkOpen();
        memory.expireProducers();
        boolean deletes = settings.cleanupPolicy().contains(LogSettings.CleanupPolicy.DELETE);
        Retention retention = new Retention(
                deletes ? settings.retentionMs() : -1,
                deletes ? settings.retentionBytes() : -1,
                state.logStartOffset(),
                state.logEndOffset(),
                highWatermark);
        try {
            int count =
                    retention.expired(state.segments().asList(), context.clock().millis());
            if (count == state.segments().size() && state.isFailed()) {
                count--;
            } else if (count == state.segments().size()) {
                appender.roll(state.logEndOffset(), settings);
            }
            int deleted = chain.deleteOldest(count, settings);
            state.active().file().tidy(state.active().sizeInBytes());
            return deleted;
        } catch (IOException e) {
            throw state.failBecause("Cannot delete what is old or not needed", e);
        }
    }
}
