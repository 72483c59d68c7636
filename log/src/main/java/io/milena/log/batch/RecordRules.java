package io.milena.log.batch;

import io.milena.log.InvalidRecordException;
import io.milena.log.InvalidRecordException.RecordError;
import io.milena.log.LogError;
import java.util.ArrayList;
import java.util.List;

/**
 * The rules for single records, applied in one walk over a batch. Broken structure ends the walk; what only one record
 * did wrong is collected, so that the producer can fail that record alone (KIP-467).
 */
final class RecordRules {
    /** Records reported in one refusal; further ones are refused with the batch anyway. */
    static final int MAX_RECORD_ERRORS = 1000;

    private final List<RecordError> errors = new ArrayList<>();
    private boolean badTimestamp;

    /** What was refused of a batch; made when something is. */
    private RecordRules() {}

    /**
     * Walks over the records of a batch.
     *
     * @return the largest timestamp, or -1
     */
    static long check(RecordScan scan, RecordBatch batch, BatchRules rules, long nowMs) {
        boolean appendTimed = batch.timestampType() == TimestampType.LOG_APPEND_TIME;
        RecordRules refusals = null;
        long maxTimestamp = RecordBatch.NO_TIMESTAMP;
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
                refusals = refusals == null ? new RecordRules() : refusals;
                refusals.refuse(i, "A compacted topic takes no record without a key");
            } else if (!isAllowed(timestamp, appendTimed, rules, nowMs)) {
                refusals = refusals == null ? new RecordRules() : refusals;
                refusals.refuseTimestamp(i, timestamp, rules, nowMs);
            }
        }
        if (scan.advance()) {
            throw RecordScan.malformed("more records than the " + count + " of the header");
        }
        if (refusals != null) {
            throw refusals.refusal();
        }
        return maxTimestamp;
    }

    private static boolean isAllowed(long timestamp, boolean appendTimed, BatchRules rules, long nowMs) {
        return isCreateTime(timestamp, rules) ? isNear(timestamp, rules, nowMs) : !appendTimed;
    }

    private static boolean isCreateTime(long timestamp, BatchRules rules) {
        return rules.timestampType() == TimestampType.CREATE_TIME && timestamp != RecordBatch.NO_TIMESTAMP;
    }

    private static boolean isNear(long timestamp, BatchRules rules, long nowMs) {
        long age = nowMs - timestamp;
        return age <= rules.timestampBeforeMaxMs() && -age <= rules.timestampAfterMaxMs();
    }

    private void refuseTimestamp(int index, long timestamp, BatchRules rules, long nowMs) {
        badTimestamp = true;
        refuse(
                index,
                isCreateTime(timestamp, rules)
                        ? "Timestamp " + timestamp + " is more than " + rules.timestampBeforeMaxMs() + " ms before or "
                                + rules.timestampAfterMaxMs() + " ms after the broker's " + nowMs
                        : "Producers must not send append-time timestamps");
    }

    private void refuse(int index, String message) {
        if (errors.size() < MAX_RECORD_ERRORS) {
            errors.add(new RecordError(index, message));
        }
    }

    private InvalidRecordException refusal() {
        if (badTimestamp) {
            String message = "Records with timestamps that the topic does not allow";
            return new InvalidRecordException(LogError.INVALID_TIMESTAMP, message, errors);
        }
        String message = errors.size() + " invalid records, the first at index "
                + errors.get(0).batchIndex() + ": " + errors.get(0).message();
        return new InvalidRecordException(LogError.INVALID_RECORD, message, errors);
    }
}
