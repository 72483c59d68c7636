package io.milena.protocol;

import io.milena.protocol.wire.Writer;
import java.util.function.Consumer;

/** A request, response or stored record that can be written in any of its versions. */
public interface Message {
    /**
     * Writes this message, without header or length prefix.
     *
     * @throws io.milena.protocol.wire.ProtocolException if it does not exist in that version, or a field would be lost
     */
    void write(Writer writer, int version);

    /** Shows every error of this message that is not NONE, one by one; none if it cannot have any. */
    default void forEachError(Consumer<ErrorCode> action) {}
}
