package io.milena.server;

import io.milena.server.cluster.Features;
import io.milena.server.cluster.FinalizedFeatures;
import io.milena.server.handler.cluster.FeatureLevels;

/** The features of this release with the levels in force. */
final class SupportedFeatures {
    private SupportedFeatures() {}

    static FeatureLevels levels(FinalizedFeatures finalized) {
        return new FeatureLevels(
                finalized.epoch(),
                Features.SUPPORTED.stream()
                        .map(feature -> new FeatureLevels.Feature(
                                feature.name(), feature.lowest(), feature.highest(), finalized.level(feature.name())))
                        .toList());
    }
}
