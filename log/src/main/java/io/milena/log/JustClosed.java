package io.milena.log;

import java.nio.file.Path;
import java.util.function.LongSupplier;

/** What is noted about the logs of a folder, for one of them that this process has closed properly a moment ago. */
record JustClosed(LogContext.Checkpoints noted, long logEndOffset) implements LogContext.Checkpoints {
    @Override
    public boolean cleanShutdown() {
        return true;
    }

    @Override
    public long recoveryPoint(Path partitionFolder) {
        return logEndOffset;
    }

    @Override
    public void recoveryPointAtMost(Path partitionFolder, long offset) {
        noted.recoveryPointAtMost(partitionFolder, offset);
    }

    @Override
    public long logStartOffset(Path partitionFolder) {
        return noted.logStartOffset(partitionFolder);
    }

    @Override
    public void logStartOffset(Path partitionFolder, LongSupplier offset) {
        noted.logStartOffset(partitionFolder, offset);
    }

    @Override
    public long firstDirtyOffset(Path partitionFolder) {
        return noted.firstDirtyOffset(partitionFolder);
    }

    @Override
    public void firstDirtyOffset(Path partitionFolder, long offset) {
        noted.firstDirtyOffset(partitionFolder, offset);
    }
}
