package io.milena.log;

import io.milena.log.batch.AppendOrigin;
import io.milena.log.batch.BatchRules;
import io.milena.log.batch.BatchValidator;
import io.milena.log.batch.Batches;
import io.milena.log.batch.RecordBatch;
import io.milena.log.batch.TimestampType;
import io.milena.log.producer.AppendedBatch;
import io.milena.log.producer.CompletedTransaction;
import io.milena.log.recovery.LogMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The appending side of a log. Belongs to its owner. */
final class LogAppender {
    private final LogState state;
    private final LogMemory memory;
    private final SegmentChain chain;
    private final SegmentRoller roller;
    private final ForgottenBatches forgotten;
    private final Clock clock;
    private final BatchValidator validator;

    /** What a batch of a client must fulfil under the settings that were in force last. */
    private @Nullable BatchRules clientRules;

    private @Nullable LogSettings clientRulesOf;

    LogAppender(LogState state, LogMemory memory, SegmentChain chain, LogContext context) {
        this.state = state;
        this.memory = memory;
        this.chain = chain;
        this.clock = context.clock();
        this.validator = new BatchValidator(context.buffers());
        this.forgotten = new ForgottenBatches(state);
        this.roller = new SegmentRoller(clock.millis());
    }

    AppendResult append(
            ByteBuffer records, int leaderEpoch, AppendOrigin origin, int transactionVersion, LogSettings settings) {
        state.checkWritable();
        long nowMs = clock.millis();
        RecordBatch batch = validator.validate(records, rules(origin, settings), nowMs);
        Optional<AppendedBatch> before = appendedBefore(batch, origin, transactionVersion);
        if (before.isPresent()) {
            return repetition(before.get(), settings);
        }
        batch.assign(state.logEndOffset(), leaderEpoch);
        int size = batch.sizeInBytes();
        makeRoom(settings, size, batch, nowMs);
        write(batch, records);
        remember(batch);
        return new AppendResult(
                batch.baseOffset(), batch.lastOffset(), validator.appendTimeMs(), state.logStartOffset(), size);
    }

    @SuppressWarnings("ReferenceEquality") // other settings are another object
    private BatchRules rules(AppendOrigin origin, LogSettings settings) {
        if (origin != AppendOrigin.CLIENT) {
            return settings.batchRules(origin);
        }
        BatchRules rules = clientRules;
        if (rules == null || clientRulesOf != settings) {
            rules = settings.batchRules(origin);
            clientRules = rules;
            clientRulesOf = settings;
        }
        return rules;
    }

    private Optional<AppendedBatch> appendedBefore(RecordBatch batch, AppendOrigin origin, int transactionVersion) {
        try {
            return memory.producers().check(batch, origin, transactionVersion);
        } catch (LogException e) {
            if (e.error() != LogError.OUT_OF_ORDER_SEQUENCE_NUMBER) {
                throw e;
            }
            Optional<AppendedBatch> before = forgotten(batch);
            if (before.isEmpty()) {
                throw e;
            }
            return before;
        }
    }

    private Optional<AppendedBatch> forgotten(RecordBatch batch) {
        try {
            return forgotten.find(batch, memory.producers().remembersFrom(batch));
        } catch (IOException e) {
            throw new LogException(LogError.STORAGE_ERROR, "Cannot look for a batch", e);
        }
    }

    private AppendResult repetition(AppendedBatch batch, LogSettings settings) {
        long appendTimeMs = settings.timestampType() == TimestampType.LOG_APPEND_TIME
                ? batch.timestamp()
                : RecordBatch.NO_TIMESTAMP;
        return new AppendResult(batch.firstOffset(), batch.lastOffset(), appendTimeMs, state.logStartOffset(), 0);
    }

    AppendResult appendReplicated(ByteBuffer records, LogSettings settings) {
        state.checkWritable();
        long nowMs = clock.millis();
        long firstOffset = checkReplicated(records, settings);
        int unwritten = records.position();
        long nextOffset = state.logEndOffset();
        Batches batches = Batches.in(records);
        while (batches.hasNext()) {
            RecordBatch batch = batches.next();
            int size = batches.position() - unwritten;
            if (unwritten < batch.position() && mustRoll(settings, size, batch, nowMs)) {
                writeAll(records, unwritten, batch.position(), nextOffset);
                unwritten = batch.position();
                size = batch.sizeInBytes();
            }
            makeRoom(settings, size, batch, nowMs);
            nextOffset = batch.nextOffset();
        }
        writeAll(records, unwritten, batches.position(), nextOffset);
        return new AppendResult(
                firstOffset, nextOffset - 1, RecordBatch.NO_TIMESTAMP, state.logStartOffset(), records.remaining());
    }

    /** Refuses batches that cannot follow what is there, before anything is written. Gives the first offset. */
    private long checkReplicated(ByteBuffer records, LogSettings settings) {
        long firstOffset = -1;
        long expected = state.logEndOffset();
        Batches batches = Batches.in(records);
        while (batches.hasNext()) {
            RecordBatch batch = batches.next();
            if (batch.baseOffset() < expected || batch.lastOffsetDelta() < 0) {
                throw new LogException(
                        LogError.OFFSET_OUT_OF_RANGE,
                        "Batch from " + batch.baseOffset() + " to " + batch.lastOffset() + " cannot follow "
                                + (expected - 1));
            }
            if (!batch.checksumMatches()) {
                throw new LogException(
                        LogError.CORRUPT_MESSAGE, "Checksum of the batch at " + batch.baseOffset() + " does not match");
            }
            checkSize(settings, batch.sizeInBytes());
            firstOffset = firstOffset < 0 ? batch.baseOffset() : firstOffset;
            expected = batch.nextOffset();
        }
        if (firstOffset < 0) {
            throw new LogException(LogError.INVALID_RECORD, "No record batch");
        }
        return firstOffset;
    }

    private void writeAll(ByteBuffer records, int from, int to, long nextOffset) {
        write(records.slice(from, to - from), nextOffset);
        Batches batches = Batches.in(records, from, to);
        while (batches.hasNext()) {
            remember(batches.next());
        }
    }

    private static void checkSize(LogSettings settings, int size) {
        if (size > settings.segmentBytes()) {
            throw new LogException(
                    LogError.RECORD_LIST_TOO_LARGE,
                    "Batch of " + size + " bytes is larger than a segment of " + settings.segmentBytes());
        }
    }

    private void makeRoom(LogSettings settings, int size, RecordBatch batch, long nowMs) {
        checkSize(settings, batch.sizeInBytes());
        if (mustRoll(settings, size, batch, nowMs)) {
            roll(Math.max(state.logEndOffset(), batch.lastOffset() - Integer.MAX_VALUE), settings);
        }
    }

    private boolean mustRoll(LogSettings settings, int size, RecordBatch batch, long nowMs) {
        try {
            return roller.mustRoll(state.active(), settings, size, batch, nowMs);
        } catch (IOException e) {
            throw state.failBecause("Cannot look at the active segment", e);
        }
    }

    /** Begins a new segment at an offset. */
    void roll(long baseOffset, LogSettings settings) {
        try {
            chain.roll(baseOffset, settings);
        } catch (IOException e) {
            throw state.failBecause("Cannot begin a segment", e);
        }
        begun();
    }

    /** Notes that the active segment is a new one. */
    void begun() {
        roller.begun(clock.millis());
    }

    /** Writes a batch that may be the only content of {@code received}, which stays as it is. */
    private void write(RecordBatch batch, ByteBuffer received) {
        int position = received.position();
        ByteBuffer bytes = batch.fills(received) ? received : batch.bytes();
        try {
            state.active().append(bytes, batch);
        } catch (IOException e) {
            throw state.failBecause("Cannot append", e);
        } finally {
            received.position(position);
        }
        state.logEndOffset(batch.nextOffset());
    }

    private void write(ByteBuffer bytes, long nextOffset) {
        try {
            state.active().append(bytes);
        } catch (IOException e) {
            throw state.failBecause("Cannot append", e);
        }
        state.logEndOffset(nextOffset);
    }

    private void remember(RecordBatch batch) {
        Optional<CompletedTransaction> completed = memory.update(batch);
        if (completed.isPresent() && completed.get().aborted()) {
            state.active().aborted(LogMemory.abortedBy(completed.get()));
        }
    }
}
