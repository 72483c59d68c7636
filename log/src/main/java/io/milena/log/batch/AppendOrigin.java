package io.milena.log.batch;

/** Who appends a batch, which decides how much of it is believed. */
public enum AppendOrigin {
    /** A producer: nothing is believed. */
    CLIENT,
    /** A coordinator of this cluster: may write control batches and needs no sequence numbers. */
    COORDINATOR,
    /** The partition's leader, from which a follower copies: it validated the batch, only damage is looked for. */
    REPLICA
}
