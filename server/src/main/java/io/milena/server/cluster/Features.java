package io.milena.server.cluster;

import java.util.List;

/** The features (KIP-584) this release has, and their levels. Only what works is named: clients switch behaviour on by what they read here. */
public final class Features {
    /** The level that records of metadata have; tools take it for the release. */
    public static final String METADATA_VERSION = "metadata.version";

    /** Says whether groups may use the consumer protocol (KIP-848): from level 1 on. */
    public static final String GROUP_VERSION = "group.version";

    /** Says how clients do transactions; at level 2 writing adds a partition, and the epoch grows with each transaction (KIP-890). */
    public static final String TRANSACTION_VERSION = "transaction.version";

    /** All of them. */
    public static final List<Supported> SUPPORTED = List.of(
            new Supported(METADATA_VERSION, (short) 7, (short) 30),
            new Supported(TRANSACTION_VERSION, (short) 0, (short) 2),
            new Supported(GROUP_VERSION, (short) 0, (short) 1));

    private Features() {}

    /** A feature with the levels it may have; a new cluster starts with the highest. */
    public record Supported(String name, short lowest, short highest) {}
}
