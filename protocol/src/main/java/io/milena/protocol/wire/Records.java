package io.milena.protocol.wire;

import java.nio.ByteBuffer;

/**
 * Record batches inside a message: opaque to the protocol, never copied by it. A response may carry an implementation that
 * leaves its bytes in a file; whoever sends it then looks at the type before asking for {@link #buffer()}.
 */
public interface Records {
    /** Number of bytes these records take on the wire, without their length prefix. */
    int sizeInBytes();

    /** The bytes, from the buffer's position to its limit; the caller may move both. */
    ByteBuffer buffer();
}
