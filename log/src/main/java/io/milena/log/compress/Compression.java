package io.milena.log.compress;

import io.milena.log.LogError;
import io.milena.log.LogException;

/** A codec of record batches, by its number in the batch attributes and its name in the configuration. */
public enum Compression {
    /** Records as they are. */
    NONE(0, "none"),
    /** RFC 1952. */
    GZIP(1, "gzip"),
    /** Snappy blocks in xerial's framing. */
    SNAPPY(2, "snappy"),
    /** LZ4 frames. */
    LZ4(3, "lz4"),
    /** RFC 8878 (KIP-110). */
    ZSTD(4, "zstd");

    private static final Compression[] BY_ID = values();

    private final int id;
    private final String codecName;

    Compression(int id, String codecName) {
        this.id = id;
        this.codecName = codecName;
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
}
