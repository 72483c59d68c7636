package io.milena.log.compress;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4FrameInputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE;
import net.jpountz.lz4.LZ4FrameOutputStream.FLG;
import net.jpountz.xxhash.XXHashFactory;

/** LZ4 frames of independent 64 KiB blocks; frames with larger blocks and with checksums are read as well. */
final class Lz4 {
    /** At this level, the default one, Kafka uses the fast compressor instead of the high one. */
    static final int FAST_LEVEL = 9;

    private static final long UNKNOWN_SIZE = -1;

    private Lz4() {}

    static InputStream reading(ByteBuffer source, BlockBuffers buffers) throws IOException {
        return Lz4Input.canRead(source, XXHashFactory.fastestInstance().hash32())
                ? Lz4Input.of(source, LZ4Factory.fastestInstance().safeDecompressor(), buffers)
                : library(source);
    }

    /** Reads frames of all kinds. */
    static InputStream library(ByteBuffer source) throws IOException {
        return new LZ4FrameInputStream(
                new BufferInput(source),
                LZ4Factory.fastestInstance().safeDecompressor(),
                XXHashFactory.fastestInstance().hash32());
    }

    static OutputStream writing(OutputStream target, int level) throws IOException {
        LZ4Factory factory = LZ4Factory.fastestInstance();
        LZ4Compressor compressor = level == FAST_LEVEL ? factory.fastCompressor() : factory.highCompressor(level);
        return new LZ4FrameOutputStream(
                target,
                BLOCKSIZE.SIZE_64KB,
                UNKNOWN_SIZE,
                compressor,
                XXHashFactory.fastestInstance().hash32(),
                FLG.Bits.BLOCK_INDEPENDENCE);
    }
}
