package io.milena.server.coordinator;

import io.milena.log.LogException;
import io.milena.log.batch.ControlRecord;
import io.milena.log.batch.Record;
import io.milena.log.batch.RecordBatch;
import io.milena.log.batch.RecordIterator;
import io.milena.protocol.wire.ProtocolException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Feeds stored batches to a shard. A record that cannot be understood is left out, as nothing could be done about it. */
final class ShardReplay<T> {
    private static final Logger LOG = LoggerFactory.getLogger(ShardReplay.class);

    private final RecordCodec<T> codec;
    private final Shard<T> shard;
    private long records;

    ShardReplay(RecordCodec<T> codec, Shard<T> shard) {
        this.codec = codec;
        this.shard = shard;
    }

    /** How many records were read. */
    long records() {
        return records;
    }

    void read(RecordBatch batch) {
        try (RecordIterator iterator = batch.records()) {
            while (iterator.hasNext()) {
                Record stored = iterator.next();
                if (batch.isControl()) {
                    readMarker(batch, stored);
                } else {
                    read(batch, stored);
                }
            }
        }
    }

    private void readMarker(RecordBatch batch, Record stored) {
        if (ControlRecord.isTransactionMarker(stored)) {
            boolean committed = ControlRecord.of(stored).type() == ControlRecord.Type.COMMIT;
            shard.transactionEnded(batch.producerId(), committed);
        }
    }

    private void read(RecordBatch batch, Record stored) {
        records++;
        ByteBuffer key = stored.key();
        try {
            T record = key == null ? null : codec.decode(key, stored.value());
            if (record == null) {
                return;
            }
            if (batch.isTransactional()) {
                shard.applyTransactional(batch.producerId(), record);
            } else {
                shard.apply(record);
            }
        } catch (ProtocolException | LogException e) {
            LOG.warn("record not understood: offset={} reason={}", stored.offset(), e.getMessage());
        }
    }
}
