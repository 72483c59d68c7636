/**
 * The APIs that write and read records, one class each: Produce, Fetch, ListOffsets, DeleteRecords, OffsetForLeaderEpoch and
 * InitProducerId. Handlers keep no state; they bring one task per partition to its strand, or read what partitions publish, on the
 * connection's event loop. May use partitions, fetch sessions, the cluster image and the request interfaces.
 */
@NullMarked
package io.milena.server.handler.records;

import org.jspecify.annotations.NullMarked;
