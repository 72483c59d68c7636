package io.milena.log.batch;

import io.milena.log.compress.Compression;
import java.util.Optional;

/**
 * How batches are stored: topic setting {@code compression.type}.
 *
 * @param codec the codec of all batches, or empty to keep each producer's
 * @param level of that codec
 */
public record TargetCompression(Optional<Compression> codec, int level) {
    /** Each batch as its producer sent it: {@code producer}. */
    public static final TargetCompression AS_PRODUCED = new TargetCompression(Optional.empty(), 0);

    /** One codec for all batches ({@code uncompressed} is {@link Compression#NONE}). */
    public static TargetCompression of(Compression codec, int level) {
        return new TargetCompression(Optional.of(codec), level);
    }

    /** Whether a batch of this codec is stored as it is. */
    boolean keeps(Compression source) {
        return codec.isEmpty() || codec.get() == source;
    }
}
