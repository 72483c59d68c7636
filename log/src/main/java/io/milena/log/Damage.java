package io.milena.log;

import java.nio.file.Path;

/**
 * Damage that was found in the files of a log: bytes that are not what was written.
 *
 * @param kind what is damaged
 * @param file where it is
 * @param position the first damaged byte of the file, -1 if unknown
 * @param fromOffset first offset that is concerned, -1 if none or unknown
 * @param toOffset offset behind the last one that is concerned, -1 if none or unknown
 * @param action what was done, in a few words
 */
public record Damage(Kind kind, Path file, long position, long fromOffset, long toOffset, String action) {
    /** What can be damaged. */
    public enum Kind {
        /** Records in the middle of a log; they cannot be read any more, those around them can. */
        RECORDS,
        /** The end of a log, which was cut off; not what a stop in the middle of a write leaves. */
        END_OF_LOG,
        /** Records that a failed flush lost. */
        UNFLUSHED_RECORDS,
        /** An offset or time index; it is built anew. */
        INDEX,
        /** A transaction index; it is built anew. */
        TRANSACTION_INDEX,
        /** A producer snapshot; an older one and the records since tell the same. */
        PRODUCER_SNAPSHOT,
        /** A checkpoint of offsets or leader epochs, or another small file; what it said counts as unknown. */
        CHECKPOINT
    }

    /** Damage of a whole small file. */
    public static Damage of(Kind kind, Path file, String action) {
        return new Damage(kind, file, -1, -1, -1, action);
    }

    /** Is told of damage, on any thread; must not block. */
    @FunctionalInterface
    public interface Listener {
        /** Damage was found, perhaps not for the first time. */
        void found(Damage damage);
    }
}
