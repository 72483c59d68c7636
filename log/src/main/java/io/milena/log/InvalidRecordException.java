package io.milena.log;

import java.util.List;

/** A batch refused because of single records in it; each is named by its place in the batch (KIP-467). */
public final class InvalidRecordException extends LogException {
    private final transient List<RecordError> recordErrors;

    /** Refuses a batch for the given records. */
    public InvalidRecordException(LogError error, String message, List<RecordError> recordErrors) {
        super(error, message);
        this.recordErrors = List.copyOf(recordErrors);
    }

    /** The refused records in ascending order. */
    public List<RecordError> recordErrors() {
        return recordErrors;
    }

    /**
     * One refused record.
     *
     * @param batchIndex place of the record in its batch, from 0
     * @param message what is wrong with it, for the client
     */
    public record RecordError(int batchIndex, String message) {}
}
