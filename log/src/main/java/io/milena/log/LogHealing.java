package io.milena.log;

import io.milena.log.recovery.AtomicFile;
import io.milena.log.recovery.LogMemory;
import io.milena.log.segment.Segment;
import io.milena.log.segment.SegmentRewrite;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings a log whose disk failed back into service while it stays open. Belongs to the owner of the log. */
final class LogHealing {
    private static final Logger LOG = LoggerFactory.getLogger(LogHealing.class);

    private final Path directory;
    private final LogState state;
    private final LogMemory memory;
    private final SegmentChain chain;
    private final Damage.Listener damage;

    LogHealing(Path directory, LogState state, LogMemory memory, SegmentChain chain, Damage.Listener damage) {
        this.directory = directory;
        this.state = state;
        this.memory = memory;
        this.chain = chain;
        this.damage = damage;
    }

    void heal(LogSettings settings) {
        state.checkOpen();
        if (!state.isFailed()) {
            return;
        }
        if (state.isHalfCut()) {
            throw new LogException(LogError.STORAGE_ERROR, "The disk failed while " + directory + " was being cut");
        }
        try {
            AtomicFile.probe(directory);
            chain.finishSwap();
            chain.finishDeletion();
            recheck(settings);
            Segment active = state.active();
            active.cutFile();
            // Without those of the segments that could not be made durable, a restart would have to read more.
            memory.write(memory.snapshot(state.logEndOffset()));
            chain.flush();
        } catch (IOException e) {
            throw new LogException(LogError.STORAGE_ERROR, "The disk of " + directory + " still fails", e);
        }
        state.healed();
        LOG.info("event=log-healed log={} logEndOffset={}", directory, state.logEndOffset());
    }

    private void recheck(LogSettings settings) throws IOException {
        for (Segment segment : List.copyOf(state.segments().asList())) {
            if (segment.file().isSuspect()) {
                OptionalLong lost =
                        SegmentRewrite.rewrite(segment, chain.recoveryPoint().offset());
                if (lost.isPresent()) {
                    damage.found(new Damage(
                            Damage.Kind.UNFLUSHED_RECORDS,
                            segment.file().path(),
                            -1,
                            lost.getAsLong(),
                            segment.end().nextOffset(),
                            "given up after a failed flush"));
                    chain.giveUp(segment, lost.getAsLong(), settings);
                }
            }
        }
    }
}
