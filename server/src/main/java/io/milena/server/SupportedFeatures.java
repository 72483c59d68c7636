package io.milena.server;

import io.milena.server.cluster.Features;
import io.milena.server.coordinator.transaction.TransactionVersion;
import io.milena.server.handler.cluster.FeatureLevels;
import java.util.List;

/** The features of this release and the levels in force. */
final class SupportedFeatures {
    private SupportedFeatures() {}

    static FeatureLevels levels() {
        return new FeatureLevels(
                0,
                List.of(
                        new FeatureLevels.Feature(
                                Features.METADATA_VERSION,
                                Features.METADATA_VERSION_LOWEST,
                                Features.METADATA_VERSION_LEVEL,
                                Features.METADATA_VERSION_LEVEL),
                        new FeatureLevels.Feature(
                                TransactionVersion.FEATURE,
                                (short) TransactionVersion.CLASSIC,
                                (short) TransactionVersion.EPOCH_BUMPING,
                                (short) TransactionVersion.EPOCH_BUMPING),
                        new FeatureLevels.Feature(
                                Features.GROUP_VERSION,
                                (short) 0,
                                Features.GROUP_VERSION_LEVEL,
                                Features.GROUP_VERSION_LEVEL)));
    }
}
