package io.milena.log;

import io.milena.log.recovery.FolderContent;
import io.milena.log.recovery.LogMemory;
import io.milena.log.recovery.LogRecovery;
import io.milena.log.segment.Segment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What a log consists of while it lies in one folder. Threads and owner are those of {@link PartitionLog}. */
final class LogParts {
    final Path directory;
    final LogContext context;
    final LogState state;
    final LogMemory memory;
    final LogReader reader;
    final SegmentChain chain;
    final LogAppender appender;
    final LogCleaning cleaning;
    final LogTruncation truncation;
    final LogHealing healing;
    final LogRetention retention;

    private LogParts(Path directory, LogContext context, LogState state, LogMemory memory) {
        this.directory = directory;
        this.context = context;
        this.state = state;
        this.memory = memory;
        this.reader = new LogReader(state);
        this.chain = new SegmentChain(directory, context, state, memory);
        this.appender = new LogAppender(state, memory, chain, context);
        this.cleaning = new LogCleaning(directory, context, state, chain);
        this.truncation = new LogTruncation(state, chain, appender, cleaning);
        this.healing = new LogHealing(directory, state, memory, chain, context.damage());
        this.retention = new LogRetention(directory, context, state, memory, chain, appender);
    }

    /** Opens what lies in a folder, which is created if absent. After an unclean stop this checks the end of the log. */
    static LogParts open(Path directory, LogSettings settings, LogContext context) throws IOException {
        LogContext.Checkpoints checkpoints = context.checkpoints();
        long logStart = checkpoints.logStartOffset(directory);
        FolderContent folder = FolderContent.of(directory);
        LogMemory memory = new LogMemory(folder, context.clock(), settings.producerIdExpirationMs(), context.damage());
        LogRecovery recovery =
                new LogRecovery(folder, context.openFiles(), settings.indexIntervalBytes(), memory, context.damage());
        long recoveryPoint = checkpoints.recoveryPoint(directory);
        List<Segment> segments = checkpoints.cleanShutdown()
                ? recovery.afterCleanStop(logStart, recoveryPoint)
                : recovery.afterUncleanStop(logStart, recoveryPoint);
        LogState state = new LogState(segments, logStart);
        memory.startsAt(state.logStartOffset());
        if (state.logEndOffset() < recoveryPoint) {
            // A log that began anew: what is noted of the one before would be taken for a promise of this one.
            checkpoints.recoveryPointAtMost(directory, state.logEndOffset());
        }
        return new LogParts(directory, context, state, memory);
    }

    /** Gives the files back without writing anything. */
    void abandon() {
        if (!state.isClosed()) {
            chain.close();
        }
    }
}
