package io.milena.log;

import java.io.IOException;

/** Taking the newest records off a log. Belongs to its owner. */
final class LogTruncation {
    private final LogState state;
    private final SegmentChain chain;
    private final LogAppender appender;
    private final LogCleaning cleaning;

    LogTruncation(LogState state, SegmentChain chain, LogAppender appender, LogCleaning cleaning) {
        this.state = state;
        this.chain = chain;
        this.appender = appender;
        this.cleaning = cleaning;
    }

    void truncateTo(long offset, LogSettings settings) {
        state.checkWritable();
        if (offset >= state.logEndOffset()) {
            return;
        }
        if (offset < state.segments().first().baseOffset()) {
            startAt(offset, settings);
            return;
        }
        try {
            state.logStartOffset(Math.min(state.logStartOffset(), offset));
            chain.truncate(offset, settings);
            cleaning.cutAt(offset);
        } catch (IOException e) {
            throw state.failHalfCut("Cannot truncate", e);
        }
    }

    void startAt(long offset, LogSettings settings) {
        state.checkWritable();
        try {
            chain.startAt(offset, settings);
            cleaning.cutAt(offset);
        } catch (IOException e) {
            throw state.failHalfCut("Cannot start anew", e);
        }
        appender.begun();
    }
}
