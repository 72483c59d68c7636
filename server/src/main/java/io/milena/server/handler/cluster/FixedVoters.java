package io.milena.server.handler.cluster;

import io.milena.protocol.ErrorCode;
import io.milena.server.cluster.ImageSource;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Why the quorum of the metadata log gets no other voters (KIP-853). */
final class FixedVoters {
    static final String MESSAGE = "The voters of this cluster are fixed.";
    private static final UUID NO_DIRECTORY = new UUID(0, 0);

    private FixedVoters() {}

    static ErrorCode error(ImageSource images, @Nullable String clusterId, UUID directory) {
        if (clusterId != null && !clusterId.equals(images.image().clusterId())) {
            return ErrorCode.INCONSISTENT_CLUSTER_ID;
        }
        return directory.equals(NO_DIRECTORY) ? ErrorCode.INVALID_REQUEST : ErrorCode.UNSUPPORTED_VERSION;
    }
}
