package io.milena.log.batch;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A header of a record.
 *
 * @param key its name, may be empty
 * @param value its bytes from position to limit, or null
 */
public record RecordHeader(String key, @Nullable ByteBuffer value) {}
