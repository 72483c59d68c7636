package io.milena.log.compress;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4SafeDecompressor;
import net.jpountz.xxhash.XXHash32;
import org.jspecify.annotations.Nullable;

/**
 * Reads the LZ4 frames that nearly all producers write: independent blocks of at most 64 KiB, without sizes and checksums of the content.
 * Blocks are decompressed from the buffer they came in into one that is used again.
 *
 * <pre>
 *   0       4     5    6      7           11
 *   | magic | flg | bd | hash | size      | block ... | size | block ... | 0000 |
 *                               `- highest bit: the block is stored as it is
 * </pre>
 *
 * What follows the first frame, usually nothing, and frames of other kinds are left to the library.
 */
final class Lz4Input extends InputStream {
    private static final int MAGIC = 0x184D2204;
    private static final int HEADER_BYTES = 7;
    private static final int DESCRIPTOR_AT = 4;
    private static final int DESCRIPTOR_BYTES = 2;
    private static final int HASH_AT = 6;

    /** Version 1, independent blocks, nothing else. */
    private static final byte PLAIN_FLAGS = 0x60;

    /** Blocks of at most 64 KiB. */
    private static final byte PLAIN_BLOCKS = 0x40;

    private static final int STORED_BIT = 1 << 31;

    private final ByteBuffer source;
    private final LZ4SafeDecompressor decompressor;
    private final BlockBuffers buffers;
    private byte @Nullable [] block;
    private int position;
    private int limit;
    private boolean frameEnded;
    private @Nullable InputStream rest;

    private Lz4Input(ByteBuffer source, LZ4SafeDecompressor decompressor, BlockBuffers buffers) {
        this.source = source;
        this.decompressor = decompressor;
        this.buffers = buffers;
    }

    /** Whether the bytes begin with a frame that this class can read. */
    static boolean canRead(ByteBuffer bytes, XXHash32 hash) {
        int at = bytes.position();
        boolean canBeGivenToNative = bytes.isDirect() || bytes.hasArray();
        return canBeGivenToNative
                && bytes.remaining() >= HEADER_BYTES
                && Integer.reverseBytes(bytes.getInt(at)) == MAGIC
                && bytes.get(at + DESCRIPTOR_AT) == PLAIN_FLAGS
                && bytes.get(at + DESCRIPTOR_AT + 1) == PLAIN_BLOCKS
                && bytes.get(at + HASH_AT) == (byte) (hash.hash(bytes, at + DESCRIPTOR_AT, DESCRIPTOR_BYTES, 0) >> 8);
    }

    /** The plain bytes of a buffer that {@link #canRead} was asked about. */
    static Lz4Input of(ByteBuffer bytes, LZ4SafeDecompressor decompressor, BlockBuffers buffers) {
        ByteBuffer source = bytes.slice();
        source.position(HEADER_BYTES);
        return new Lz4Input(source, decompressor, buffers);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (position == limit && !frameEnded) {
            if (length >= BlockBuffers.BLOCK_BYTES) {
                int count = nextBlock(target, offset);
                if (count > 0) {
                    return count;
                }
            } else {
                fillBlock();
            }
        }
        if (rest != null) {
            return rest.read(target, offset, length);
        }
        byte[] plain = block;
        if (position == limit || plain == null) {
            return -1;
        }
        int count = Math.min(length, limit - position);
        System.arraycopy(plain, position, target, offset, count);
        position += count;
        return count;
    }

    private void fillBlock() throws IOException {
        byte[] plain = block;
        if (plain == null) {
            plain = buffers.take();
            block = plain;
        }
        limit = 0;
        position = 0;
        limit = nextBlock(plain, 0);
    }

    /** Reads the next block into an array, which has room for it; gives how many bytes that are, 0 at the end of the frame. */
    private int nextBlock(byte[] plain, int at) throws IOException {
        if (source.remaining() < Integer.BYTES) {
            throw new IOException("LZ4 frame is cut short");
        }
        int size = Integer.reverseBytes(source.getInt());
        if (size == 0) {
            frameEnded = true;
            rest = source.hasRemaining() ? Lz4.library(source) : null;
            return 0;
        }
        int bytes = size & ~STORED_BIT;
        if (bytes > BlockBuffers.BLOCK_BYTES) {
            throw new IOException("LZ4 block of " + bytes + " bytes");
        }
        if (bytes > source.remaining()) {
            throw new IOException("LZ4 block is cut short");
        }
        if ((size & STORED_BIT) != 0) {
            source.get(plain, at, bytes);
            return bytes;
        }
        int count = decompress(bytes, plain, at);
        source.position(source.position() + bytes);
        return count;
    }

    private int decompress(int bytes, byte[] plain, int at) throws IOException {
        try {
            return decompressor.decompress(
                    source, source.position(), bytes, ByteBuffer.wrap(plain), at, BlockBuffers.BLOCK_BYTES);
        } catch (LZ4Exception e) {
            throw new IOException("LZ4 block is damaged", e);
        }
    }

    @Override
    public void close() throws IOException {
        byte[] plain = block;
        if (plain != null) {
            block = null;
            buffers.giveBack(plain);
        }
        position = 0;
        limit = 0;
        frameEnded = true;
        if (rest != null) {
            rest.close();
        }
    }
}
