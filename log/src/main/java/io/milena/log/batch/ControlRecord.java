package io.milena.log.batch;

import io.milena.log.LogError;
import io.milena.log.LogException;
import java.nio.ByteBuffer;

/**
 * The marker that ends a transaction in a partition (KIP-98). A control batch of the transaction's producer holds it as
 * its only record.
 *
 * <pre>
 *   key:    version int16 = 0 | type int16: 0 abort, 1 commit
 *   value:  version int16 = 0 | coordinator epoch int32
 * </pre>
 *
 * @param type how the transaction ended
 * @param coordinatorEpoch epoch of the transaction coordinator that decided it
 */
public record ControlRecord(Type type, int coordinatorEpoch) {
    private static final short VERSION = 0;
    private static final int KEY_BYTES = 4;
    private static final int VALUE_BYTES = 6;

    /** How a transaction ended. */
    public enum Type {
        /** Its records are to be ignored. */
        ABORT(0),
        /** Its records count. */
        COMMIT(1);

        private final short id;

        Type(int id) {
            this.id = (short) id;
        }
    }

    /**
     * A control batch with this marker.
     *
     * @param timestampMs time of the decision
     */
    public RecordBatch toBatch(long producerId, short producerEpoch, long timestampMs) {
        ByteBuffer key = ByteBuffer.allocate(KEY_BYTES)
                .putShort(VERSION)
                .putShort(type.id)
                .flip();
        ByteBuffer value = ByteBuffer.allocate(VALUE_BYTES)
                .putShort(VERSION)
                .putInt(coordinatorEpoch)
                .flip();
        return new BatchBuilder()
                .producer(producerId, producerEpoch, RecordBatch.NO_SEQUENCE)
                .transactional()
                .control()
                .append(timestampMs, key, value)
                .build();
    }

    /**
     * The marker in a control batch.
     *
     * @throws LogException with {@link LogError#INVALID_RECORD} if the batch holds no marker that ends a transaction
     */
    public static ControlRecord of(RecordBatch batch) {
        if (!batch.isControl()) {
            throw invalid("not in a control batch");
        }
        try (RecordIterator records = batch.records()) {
            if (!records.hasNext()) {
                throw invalid("empty batch");
            }
            return of(records.next());
        }
    }

    /** Whether a record of a control batch ends a transaction; other control records belong to KRaft's own log. */
    public static boolean isTransactionMarker(Record marker) {
        ByteBuffer key = marker.key();
        if (key == null || key.remaining() < KEY_BYTES) {
            return false;
        }
        int type = key.getShort(key.position() + Short.BYTES);
        return type == Type.ABORT.id || type == Type.COMMIT.id;
    }

    /**
     * The marker in one record of a control batch.
     *
     * @throws LogException with {@link LogError#INVALID_RECORD} if it is not one that ends a transaction
     */
    public static ControlRecord of(Record marker) {
        ByteBuffer key = marker.key();
        ByteBuffer value = marker.value();
        if (key == null || !isTransactionMarker(marker)) {
            throw invalid("unknown type");
        }
        if (value == null || value.remaining() < VALUE_BYTES || value.getShort(value.position()) < VERSION) {
            throw invalid("unknown value");
        }
        Type type = key.getShort(key.position() + Short.BYTES) == Type.ABORT.id ? Type.ABORT : Type.COMMIT;
        return new ControlRecord(type, value.getInt(value.position() + Short.BYTES));
    }

    private static LogException invalid(String why) {
        return new LogException(LogError.INVALID_RECORD, "Not a transaction marker: " + why);
    }
}
