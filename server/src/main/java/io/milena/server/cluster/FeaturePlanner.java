package io.milena.server.cluster;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.Message;
import io.milena.server.cluster.record.FeatureLevelChanged;
import java.util.ArrayList;
import java.util.List;

/** Decides which levels features get (KIP-584, KIP-1022). Touches nothing. */
final class FeaturePlanner {
    private FeaturePlanner() {}

    /** The records that make all updates; throws {@link TopicRefusal} if one of them cannot be made. */
    static List<Message> plan(ClusterImage image, List<FeatureUpdate> updates) {
        List<Message> records = new ArrayList<>(updates.size());
        long epoch = image.features().epoch() + 1;
        for (FeatureUpdate update : updates) {
            check(image.features().level(update.feature()), update);
            records.add(new FeatureLevelChanged()
                    .feature(update.feature())
                    .level(update.level())
                    .epoch(epoch));
        }
        return records;
    }

    private static void check(short current, FeatureUpdate update) {
        Features.Supported feature = Features.SUPPORTED.stream()
                .filter(supported -> supported.name().equals(update.feature()))
                .findFirst()
                .orElseThrow(() -> refused("This broker has no feature " + update.feature() + "."));
        if (update.level() < feature.lowest() || update.level() > feature.highest()) {
            throw refused(update.feature() + " cannot be set to " + update.level() + ": it takes " + feature.lowest()
                    + " .. " + feature.highest() + ".");
        }
        if (update.level() < current && update.direction() == FeatureUpdate.Direction.UPGRADE) {
            throw refused(
                    update.feature() + " is at level " + current + ", above " + update.level() + ": say downgrade.");
        }
        if (update.level() > current && update.direction() == FeatureUpdate.Direction.DOWNGRADE) {
            throw refused(
                    update.feature() + " is at level " + current + ", below " + update.level() + ": say upgrade.");
        }
        if (update.feature().equals(Features.METADATA_VERSION) && update.level() < current) {
            throw refused("Metadata written at level " + current + " cannot be read at level " + update.level() + ".");
        }
    }

    private static TopicRefusal refused(String message) {
        return new TopicRefusal(ErrorCode.INVALID_UPDATE_VERSION, message);
    }
}
