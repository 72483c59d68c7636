package io.milena.server.partition;

import io.milena.protocol.ErrorCode;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where requests find partitions, and what to answer for those that are not here. Any thread. */
public interface PartitionLookup {
    /** The partition if this broker holds it. */
    @Nullable
    Partition find(String topic, int index);

    /** The partition if this broker holds it. */
    @Nullable
    Partition find(UUID topicId, int index);

    /** What to answer when {@link #find(String, int)} found nothing. */
    ErrorCode whyMissing(String topic, int index);

    /** What to answer when {@link #find(UUID, int)} found nothing. */
    ErrorCode whyMissing(UUID topicId, int index);
}
