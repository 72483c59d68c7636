package io.milena.log.producer;

import io.milena.log.LogError;
import io.milena.log.LogException;
import io.milena.log.batch.RecordBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Kafka's {@code .snapshot} file, version 1: the producers of a partition at the offset in the file's name.
 *
 * <pre>
 *   version int16 | CRC-32C of what follows int32 | count int32 | entry*
 *   entry:  producer id int64 | epoch int16 | last sequence int32 | last offset int64 | offset delta int32
 *           | timestamp int64 | coordinator epoch int32 | first offset of the open transaction or -1 int64
 * </pre>
 */
final class ProducerSnapshot {
    private static final short VERSION = 1;
    private static final int CRC_AT = 2;
    private static final int COUNT_AT = 6;
    private static final int ENTRIES_AT = 10;
    private static final int ENTRY_BYTES = 46;
    private static final AppendedBatch NO_BATCH = new AppendedBatch(RecordBatch.NO_SEQUENCE, -1, 0, -1);

    private ProducerSnapshot() {}

    static ByteBuffer encode(Collection<ProducerState> states) {
        ByteBuffer bytes = ByteBuffer.allocate(ENTRIES_AT + states.size() * ENTRY_BYTES);
        bytes.putShort(VERSION).putInt(0).putInt(states.size());
        for (ProducerState state : states) {
            ActiveProducer producer = state.describe();
            AppendedBatch last = state.lastBatch().orElse(NO_BATCH);
            bytes.putLong(producer.producerId())
                    .putShort(producer.producerEpoch())
                    .putInt(last.lastSequence())
                    .putLong(last.lastOffset())
                    .putInt(last.offsetDelta())
                    .putLong(producer.lastTimestamp())
                    .putInt(producer.coordinatorEpoch())
                    .putLong(producer.currentTxnStartOffset());
        }
        bytes.flip();
        return bytes.putInt(CRC_AT, checksum(bytes));
    }

    static List<ProducerState> decode(ByteBuffer snapshot) {
        ByteBuffer bytes = snapshot.slice();
        int size = bytes.remaining();
        if (size < ENTRIES_AT || bytes.getShort(0) != VERSION) {
            throw damaged("version");
        }
        if (bytes.getInt(CRC_AT) != checksum(bytes)) {
            throw damaged("checksum");
        }
        int count = bytes.getInt(COUNT_AT);
        if (count < 0 || count > (size - ENTRIES_AT) / ENTRY_BYTES) {
            throw damaged("count " + count + " in " + size + " bytes");
        }
        bytes.position(ENTRIES_AT);
        List<ProducerState> states = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            states.add(decodeEntry(bytes));
        }
        return states;
    }

    private static ProducerState decodeEntry(ByteBuffer bytes) {
        long producerId = bytes.getLong();
        short epoch = bytes.getShort();
        int lastSequence = bytes.getInt();
        long lastOffset = bytes.getLong();
        int offsetDelta = bytes.getInt();
        long timestamp = bytes.getLong();
        int coordinatorEpoch = bytes.getInt();
        long transactionStart = bytes.getLong();
        ProducerState state = new ProducerState(new ActiveProducer(
                producerId, epoch, lastSequence, timestamp, coordinatorEpoch, Math.max(-1, transactionStart)));
        if (lastOffset >= 0) {
            state.add(new AppendedBatch(lastSequence, lastOffset, offsetDelta, timestamp), epoch);
        }
        return state;
    }

    private static int checksum(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(COUNT_AT, bytes.limit() - COUNT_AT));
        return (int) crc.getValue();
    }

    private static LogException damaged(String what) {
        return new LogException(LogError.CORRUPT_MESSAGE, "Damaged producer snapshot: wrong " + what);
    }
}
