package io.milena.server.request;

import io.milena.protocol.wire.Records;

/**
 * Records in a response that somebody lends: a part of a file, a slice of a mapped window. The network gives them back
 * exactly once, when they were written, or when it is certain that they never will be. Never empty, as empty records are never sent.
 */
public interface LeasedRecords extends Records {
    /** Ends the lease; on the connection's event loop or, if the connection has gone, on any thread. */
    void release();
}
