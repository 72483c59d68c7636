package io.milena.server.cluster;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The levels of features that the cluster has agreed on (KIP-584).
 *
 * @param epoch grows with each agreement
 * @param levels by the name of the feature; 0 is without it
 */
public record FinalizedFeatures(long epoch, Map<String, Short> levels) {
    /** What a new cluster begins with. */
    static final FinalizedFeatures INITIAL = new FinalizedFeatures(
            0,
            Features.SUPPORTED.stream()
                    .collect(Collectors.toMap(Features.Supported::name, Features.Supported::highest)));

    public FinalizedFeatures {
        levels = Map.copyOf(levels);
    }

    /** The level of a feature; 0 if there is none. */
    public short level(String feature) {
        return levels.getOrDefault(feature, (short) 0);
    }

    FinalizedFeatures with(String feature, short level, long newEpoch) {
        Map<String, Short> changed = new TreeMap<>(levels);
        changed.put(feature, level);
        return new FinalizedFeatures(newEpoch, changed);
    }
}
