package io.milena.log.batch;

import io.milena.log.InvalidRecordException;
import io.milena.log.InvalidRecordException.RecordError;
import io.milena.log.LogError;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules for single records, applied in one walk over a batch. Broken structure ends the walk; what only one record
 * did wrong is collected, so that the producer can fail that record alone (KIP-467).
 */
final class RecordRules {
    /** Records reported in one refusal; further ones are refused with the batch anyway. */
    static final int MAX_RECORD_ERRORS = 1000;

    private final RecordBatch batch;
    private final BatchRules rules;
    private final long nowMs;
    private final boolean appendTimed;

    private long maxTimestamp = RecordBatch.NO_TIMESTAMP;
    private boolean badTimestamp;
    private @Nullable List<RecordError> errors;

    RecordRules(RecordBatch batch, BatchRules rules, long nowMs) {
        this.batch = batch;
        this.rules = rules;
        this.nowMs = nowMs;
        this.appendTimed = batch.timestampType() == TimestampType.LOG_APPEND_TIME;
    }

    void check(RecordScan scan) {
        int count = batch.recordCount();
        long baseTimestamp = batch.baseTimestamp();
        long appendTime = batch.maxTimestamp();
        for (int i = 0; i < count; i++) {
            if (!scan.advance()) {
                throw RecordScan.malformed("the header counts " + count + " records, there are " + i);
            }
            if (scan.offsetDelta() != i) {
                throw RecordScan.malformed("offset delta " + scan.offsetDelta() + " of record " + i);
            }
            long timestamp = appendTimed ? appendTime : baseTimestamp + scan.timestampDelta();
            maxTimestamp = Math.max(maxTimestamp, timestamp);
            if (rules.compacted() && scan.keySize() < 0) {
                refuse(i, "A compacted topic takes no record without a key");
            } else {
                checkTimestamp(i, timestamp);
            }
        }
        if (scan.advance()) {
            throw RecordScan.malformed("more records than the " + count + " of the header");
        }
        throwIfRefused();
    }

    private void checkTimestamp(int index, long timestamp) {
        if (rules.timestampType() == TimestampType.CREATE_TIME && timestamp != RecordBatch.NO_TIMESTAMP) {
            long age = nowMs - timestamp;
            if (age > rules.timestampBeforeMaxMs() || -age > rules.timestampAfterMaxMs()) {
                badTimestamp = true;
                refuse(
                        index,
                        "Timestamp " + timestamp + " is more than " + rules.timestampBeforeMaxMs() + " ms before or "
                                + rules.timestampAfterMaxMs() + " ms after the broker's " + nowMs);
            }
        } else if (appendTimed) {
            badTimestamp = true;
            refuse(index, "Producers must not send append-time timestamps");
        }
    }

    private void refuse(int index, String message) {
        if (errors == null) {
            errors = new ArrayList<>();
        }
        if (errors.size() < MAX_RECORD_ERRORS) {
            errors.add(new RecordError(index, message));
        }
    }

    private void throwIfRefused() {
        if (errors == null) {
            return;
        }
        if (badTimestamp) {
            String message = "Records with timestamps that the topic does not allow";
            throw new InvalidRecordException(LogError.INVALID_TIMESTAMP, message, errors);
        }
        String message = errors.size() + " invalid records, the first at index "
                + errors.get(0).batchIndex() + ": " + errors.get(0).message();
        throw new InvalidRecordException(LogError.INVALID_RECORD, message, errors);
    }

    /** Largest timestamp seen, or -1. */
    long maxTimestamp() {
        return maxTimestamp;
    }
}
