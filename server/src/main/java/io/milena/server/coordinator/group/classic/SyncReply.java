package io.milena.server.coordinator.group.classic;

import io.milena.protocol.ErrorCode;
import io.milena.server.coordinator.group.record.OpaqueBytes;
import org.jspecify.annotations.Nullable;

/** The answer to a sync: the member's assignment, or an error and no bytes. */
public record SyncReply(
        ErrorCode error,
        @Nullable String protocolType,
        @Nullable String protocolName,
        OpaqueBytes assignment) {
    /** A refusal. */
    public static SyncReply error(ErrorCode error) {
        return new SyncReply(error, null, null, OpaqueBytes.EMPTY);
    }
}
