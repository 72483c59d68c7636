package io.milena.server.partition.session;

import io.milena.server.partition.PartitionLookup;
import java.util.concurrent.Executor;

/**
 * What the fetches of one connection have in common.
 *
 * @param partitions finds what is fetched
 * @param hints tells clients that asked the wrong broker
 * @param sessions counts the fetches that wait
 * @param timer ends their waiting
 * @param eventLoop the connection's
 */
record FetchContext(
        PartitionLookup partitions, LeaderHints hints, FetchSessions sessions, FetchTimer timer, Executor eventLoop) {}
