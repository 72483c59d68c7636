package io.milena.server.cluster;

import java.util.Map;

/** The features (KIP-584) this broker has. Only what works is named: clients switch behaviour on by what they read here. */
public final class Features {
    /** The name of the level that records of metadata have; tools take it for the release. */
    public static final String METADATA_VERSION = "metadata.version";

    /** The level of {@link #METADATA_VERSION} in Kafka 4.3. */
    public static final short METADATA_VERSION_LEVEL = 30;

    static final Map<String, Short> FINALIZED = Map.of(METADATA_VERSION, METADATA_VERSION_LEVEL);

    private Features() {}
}
