package io.milena.server.cluster;

/** The features (KIP-584) this broker has. Only what works is named: clients switch behaviour on by what they read here. */
public final class Features {
    /** The name of the level that records of metadata have; tools take it for the release. */
    public static final String METADATA_VERSION = "metadata.version";

    /** The level of {@link #METADATA_VERSION} in Kafka 4.3. */
    public static final short METADATA_VERSION_LEVEL = 30;

    /** The lowest level of {@link #METADATA_VERSION} that Kafka 4.3 still knows. */
    public static final short METADATA_VERSION_LOWEST = 7;

    /** The name of the level that says whether groups may use the consumer protocol (KIP-848). */
    public static final String GROUP_VERSION = "group.version";

    /** The level of {@link #GROUP_VERSION} in Kafka 4.3; 0 is without the protocol. */
    public static final short GROUP_VERSION_LEVEL = 1;

    private Features() {}
}
