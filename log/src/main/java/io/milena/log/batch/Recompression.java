package io.milena.log.batch;

import io.milena.log.compress.Compression;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Turns a batch into the same batch in another codec. The plain records only pass by, in chunks. */
final class Recompression {
    private static final int INITIAL_BYTES = 1024;

    private Recompression() {}

    /** The batch in another codec, in a heap buffer of its own; {@code MESSAGE_TOO_LARGE} beyond the limit. */
    static RecordBatch of(RecordBatch batch, Compression codec, int level, int maxBytes) {
        GrowingBuffer target = new GrowingBuffer(Math.max(INITIAL_BYTES, RecordBatch.BATCH_OVERHEAD), maxBytes);
        target.write(batch.bytes().limit(RecordBatch.BATCH_OVERHEAD));
        try (InputStream plain = batch.compression().reading(batch.payload());
                OutputStream packed = codec.writing(target, level)) {
            plain.transferTo(packed);
        } catch (IOException e) {
            throw RecordIterator.unreadable(e);
        }
        ByteBuffer bytes = target.written();
        int attributes = (batch.attributes() & ~RecordBatch.CODEC_MASK) | codec.id();
        bytes.putInt(RecordBatch.BATCH_LENGTH, bytes.limit() - RecordBatch.LOG_OVERHEAD);
        bytes.putShort(RecordBatch.ATTRIBUTES, (short) attributes);
        RecordBatch renewed = RecordBatch.at(bytes, 0);
        renewed.renewChecksum();
        return renewed;
    }
}
