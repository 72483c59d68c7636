package io.milena.server.coordinator;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Turns a shard's records into the keys and values of its topic and back. Without state, for any thread.
 *
 * @param <T> the records, decoded
 */
public interface RecordCodec<T> {
    /** The key, by which compaction keeps the last record. */
    ByteBuffer key(T record);

    /** The value, null for a tombstone. */
    @Nullable
    ByteBuffer value(T record);

    /**
     * The record that key and value stand for; null if it is of a kind this broker has no use for.
     *
     * @throws io.milena.protocol.wire.ProtocolException if it is malformed
     */
    @Nullable
    T decode(ByteBuffer key, @Nullable ByteBuffer value);
}
