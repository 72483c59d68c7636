package io.milena.server;

import io.milena.log.segment.OpenFiles;
import io.milena.server.network.EventLoops;
import io.milena.server.network.Network;
import io.milena.server.partition.PartitionCompaction;
import java.util.List;
import java.util.Map;

/**
 * What of a broker is measured.
 *
 * @param handlers with what they work on
 * @param threads pools of threads by name
 * @param listeners names of those that clients connect to
 */
record BrokerParts(
        BrokerHandlers handlers,
        OpenFiles openFiles,
        PartitionCompaction compaction,
        Map<String, BackgroundThreads> threads,
        EventLoops loops,
        Network network,
        List<String> listeners) {}
