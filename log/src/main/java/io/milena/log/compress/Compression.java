package io.milena.log.compress;

import io.milena.log.LogError;
import io.milena.log.LogException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A codec of record batches, by its number in the batch attributes and its name in the configuration. The libraries are
 * loaded on first use only, which keeps them out of the start and harmless where a platform lacks one.
 */
public enum Compression {
    /** Records as they are. */
    NONE(0, "none", 0) {
        @Override
        InputStream open(ByteBuffer source, BlockBuffers buffers) {
            return new BufferInput(source);
        }

        @Override
        OutputStream open(OutputStream target, int level) {
            return target;
        }
    },
    /** RFC 1952. */
    GZIP(1, "gzip", Deflater.DEFAULT_COMPRESSION) {
        @Override
        InputStream open(ByteBuffer source, BlockBuffers buffers) throws IOException {
            return new GZIPInputStream(new BufferInput(source), BUFFER_BYTES);
        }

        @Override
        OutputStream open(OutputStream target, int level) throws IOException {
            return new BufferedOutputStream(new LevelledGzip(target, level), BUFFER_BYTES);
        }
    },
    /** Snappy blocks in xerial's framing; bare blocks are read as well. */
    SNAPPY(2, "snappy", 0) {
        @Override
        InputStream open(ByteBuffer source, BlockBuffers buffers) {
            return new SnappyInput(source);
        }

        @Override
        OutputStream open(OutputStream target, int level) {
            return SnappyOutput.writing(target);
        }
    },
    /** LZ4 frames. */
    LZ4(3, "lz4", 9) {
        @Override
        InputStream open(ByteBuffer source, BlockBuffers buffers) throws IOException {
            return Lz4.reading(source, buffers);
        }

        @Override
        OutputStream open(OutputStream target, int level) throws IOException {
            return Lz4.writing(target, level);
        }
    },
    /** RFC 8878 (KIP-110). */
    ZSTD(4, "zstd", 3) {
        @Override
        InputStream open(ByteBuffer source, BlockBuffers buffers) throws IOException {
            return Zstd.reading(source);
        }

        @Override
        OutputStream open(OutputStream target, int level) throws IOException {
            return new BufferedOutputStream(Zstd.writing(target, level), BUFFER_BYTES);
        }
    };

    private static final int BUFFER_BYTES = 16 << 10;
    private static final Compression[] BY_ID = values();

    private final int id;
    private final String codecName;
    private final int defaultLevel;

    Compression(int id, String codecName, int defaultLevel) {
        this.id = id;
        this.codecName = codecName;
        this.defaultLevel = defaultLevel;
    }

    /** The codec with this number; unknown numbers are refused as {@link LogError#UNSUPPORTED_COMPRESSION_TYPE}. */
    public static Compression ofId(int id) {
        if (id < 0 || id >= BY_ID.length) {
            throw new LogException(LogError.UNSUPPORTED_COMPRESSION_TYPE, "Unknown compression type " + id);
        }
        return BY_ID[id];
    }

    /** The codec with this name, as in {@code compression.type}; unknown names are refused. */
    public static Compression ofName(String name) {
        for (Compression codec : BY_ID) {
            if (codec.codecName.equals(name)) {
                return codec;
            }
        }
        throw new LogException(LogError.UNSUPPORTED_COMPRESSION_TYPE, "Unknown compression type " + name);
    }

    /** The number in the lowest three bits of the batch attributes. */
    public int id() {
        return id;
    }

    /** The name used in configuration, lower case. */
    public String codecName() {
        return codecName;
    }

    /** The level used unless another is configured; 0 where the codec has none. */
    public int defaultLevel() {
        return defaultLevel;
    }

    /**
     * A stream of the plain bytes behind compressed ones. Reads a duplicate of the buffer, from position to limit. To
     * be closed, which gives native memory back. Memory is bounded by the codec's window and by the compressed size.
     *
     * @throws IOException if the bytes are not of this codec; later reads may end in it as well
     */
    public InputStream reading(ByteBuffer source) throws IOException {
        return reading(source, new BlockBuffers());
    }

    /** The same with memory that others used before. */
    public InputStream reading(ByteBuffer source, BlockBuffers buffers) throws IOException {
        try {
            return open(source, buffers);
        } catch (LinkageError e) {
            throw unavailable(e);
        }
    }

    /**
     * A stream that writes compressed bytes to the target. Closing it ends the format and closes the target.
     *
     * @param level as the codec counts them; ignored where it has none
     */
    public OutputStream writing(OutputStream target, int level) throws IOException {
        try {
            return open(target, level);
        } catch (LinkageError e) {
            throw unavailable(e);
        }
    }

    abstract InputStream open(ByteBuffer source, BlockBuffers buffers) throws IOException;

    abstract OutputStream open(OutputStream target, int level) throws IOException;

    private LogException unavailable(LinkageError cause) {
        String message = "The native library of " + codecName + " does not work on this platform";
        return new LogException(LogError.UNSUPPORTED_COMPRESSION_TYPE, message, cause);
    }

    private static final class LevelledGzip extends GZIPOutputStream {
        LevelledGzip(OutputStream target, int level) throws IOException {
            super(target, BUFFER_BYTES);
            def.setLevel(level);
        }
    }
}
