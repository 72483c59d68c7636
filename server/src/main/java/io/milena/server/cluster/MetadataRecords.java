package io.milena.server.cluster;

import io.milena.protocol.Message;
import io.milena.protocol.wire.ProtocolException;
import io.milena.protocol.wire.Reader;
import io.milena.protocol.wire.Writer;
import java.nio.ByteBuffer;

/** Records of the metadata log as bytes: {@code int16 type, int16 version, fields}. */
final class MetadataRecords {
    private static final int INITIAL_BYTES = 256;

    private MetadataRecords() {}

    static ByteBuffer encode(Message message) {
        MetadataRecordType type = MetadataRecordType.of(message);
        Writer writer = new Writer(INITIAL_BYTES);
        writer.writeInt16(type.code());
        writer.writeInt16(type.version());
        message.write(writer, type.version());
        return writer.joined();
    }

    /** The record in {@code bytes}; throws {@link MetadataException} if this release cannot read it. */
    static Message decode(ByteBuffer bytes) {
        try {
            Reader reader = new Reader(bytes);
            MetadataRecordType type = MetadataRecordType.of(reader.readInt16());
            return type.read(reader, reader.readInt16());
        } catch (ProtocolException e) {
            throw new MetadataException("metadata record cannot be read: " + e.getMessage(), e);
        }
    }
}
