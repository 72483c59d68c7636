package io.milena.benchmarks;

import io.milena.protocol.ApiKey;
import io.milena.protocol.message.InitProducerIdRequest;
import io.milena.protocol.message.InitProducerIdResponse;
import io.milena.protocol.message.ProduceRequest;
import io.milena.protocol.wire.BufferRecords;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** The requests of an idempotent producer, without garbage: one frame in whose batch the sequence moves on, and the checksum with it. */
final class SequencedProduce {
    private static final int INIT_PRODUCER_ID_VERSION = 4;
    private static final int RECORD_BYTES = 1024;
    private static final int SEQUENCE_MARK = 0x71A2_B3C4;

    // Where the fields of a batch lie (protocol guide, record batch).
    private static final int LENGTH_AT = 8;
    private static final int CHECKSUM_AT = 17;
    private static final int CHECKED_FROM = 21;
    private static final int SEQUENCE_AT = 53;

    private final ByteBuffer request;
    private final ByteBuffer checked;
    private final int batchAt;
    private final int batchEnd;
    private final CRC32C checksum = new CRC32C();
    private int sequence = -1;

    private SequencedProduce(ByteBuffer request) {
        this.request = request;
        this.checked = request.duplicate();
        this.batchAt = Wire.find(request, SEQUENCE_MARK) - SEQUENCE_AT;
        this.batchEnd = batchAt + LENGTH_AT + Integer.BYTES + request.getInt(batchAt + LENGTH_AT);
    }

    /** Gets a producer id, whose batches of one record take the place of those of a request with one partition. */
    static SequencedProduce begin(Wire wire, int version, ProduceRequest produce) throws IOException {
        InitProducerIdResponse producer = (InitProducerIdResponse)
                wire.call(ApiKey.INIT_PRODUCER_ID, INIT_PRODUCER_ID_VERSION, new InitProducerIdRequest());
        ByteBuffer batch =
                Samples.batch(1, RECORD_BYTES, producer.producerId(), producer.producerEpoch(), SEQUENCE_MARK);
        produce.topicData().get(0).partitionData().get(0).records(new BufferRecords(batch));
        return new SequencedProduce(Wire.request(ApiKey.PRODUCE, version, produce));
    }

    /** The request with the batch that follows the last one. */
    ByteBuffer next() {
        sequence = sequence + 1 & Integer.MAX_VALUE;
        request.putInt(batchAt + SEQUENCE_AT, sequence);
        checksum.reset();
        checksum.update(checked.limit(batchEnd).position(batchAt + CHECKED_FROM));
        request.putInt(batchAt + CHECKSUM_AT, (int) checksum.getValue());
        return request;
    }
}
