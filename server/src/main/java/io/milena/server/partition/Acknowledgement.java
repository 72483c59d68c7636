package io.milena.server.partition;

import io.milena.protocol.ErrorCode;

/** Somebody who waits until what was appended is committed, or at least flushed. Both calls run inside the partition's strand; at most one comes. */
public interface Acknowledgement {
    /** Every in-sync replica has it, and it will not be lost by a clean election; or, if that was asked for, it was flushed. */
    void committed();

    /**
     * It will never be known here whether it is kept: the partition lost its leader role or its log.
     *
     * @param error what to answer
     */
    void abandoned(ErrorCode error);
}
