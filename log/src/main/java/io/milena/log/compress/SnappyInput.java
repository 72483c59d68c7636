package io.milena.log.compress;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.xerial.snappy.Snappy;

/**
 * Reads what clients call snappy: xerial's framing as the Java client writes it, or one bare snappy block without any
 * frame as librdkafka and franz-go write it.
 *
 * <pre>
 *   framed:  82 'S' 'N' 'A' 'P' 'P' 'Y' 00 | version int32 | compatible int32 | (block size int32 | block)*
 *   block:   its uncompressed size as a varint | snappy elements
 * </pre>
 *
 * Sizes claimed by the bytes are believed only as far as real snappy could reach, so that memory stays in proportion to
 * what was sent. Frames that were concatenated are read as one.
 */
final class SnappyInput extends InputStream {
    /** A snappy element of 3 bytes yields 64 at most; more than this ratio is a lie. */
    private static final int MAX_RATIO = 22;

    private static final int SMALLEST_BLOCK = 64;
    private static final int HEADER_BYTES = 16;
    private static final long MAGIC = 0x82534e4150505900L;
    private static final byte[] NOTHING = new byte[0];

    private final ByteBuffer source;
    private final boolean framed;
    private byte[] compressed = NOTHING;
    private byte[] plain = NOTHING;
    private int position;
    private int limit;

    SnappyInput(ByteBuffer source) {
        this.source = source.duplicate();
        this.framed = atFrameHeader();
    }

    private boolean atFrameHeader() {
        return source.remaining() >= HEADER_BYTES && source.getLong(source.position()) == MAGIC;
    }

    @Override
    public int read() throws IOException {
        return fill() ? plain[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, limit - position);
        System.arraycopy(plain, position, target, offset, count);
        position += count;
        return count;
    }

    /** Makes at least one byte ready; false at the end. */
    private boolean fill() throws IOException {
        while (position == limit) {
            if (framed && atFrameHeader()) {
                source.position(source.position() + HEADER_BYTES);
            }
            if (!source.hasRemaining()) {
                return false;
            }
            readBlock(framed ? blockSize() : source.remaining());
        }
        return true;
    }

    private int blockSize() throws IOException {
        if (source.remaining() < Integer.BYTES) {
            throw new IOException("snappy block size cut short");
        }
        int size = source.getInt();
        if (size <= 0 || size > source.remaining()) {
            throw new IOException("snappy block of " + size + " bytes in " + source.remaining());
        }
        return size;
    }

    private void readBlock(int size) throws IOException {
        if (compressed.length < size) {
            compressed = new byte[size];
        }
        source.get(compressed, 0, size);
        int plainSize = Snappy.uncompressedLength(compressed, 0, size);
        if (plainSize < 0 || plainSize > Math.max(SMALLEST_BLOCK, (long) size * MAX_RATIO)) {
            throw new IOException("snappy block of " + size + " bytes claims to hold " + plainSize);
        }
        if (plain.length < plainSize) {
            plain = new byte[plainSize];
        }
        position = 0;
        limit = Snappy.uncompress(compressed, 0, size, plain, 0);
    }
}
