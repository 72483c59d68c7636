package io.milena.server.handler.records;

import io.milena.log.AppendResult;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ProduceResponse;
import io.milena.protocol.wire.ProtocolException;
import io.milena.protocol.wire.Reader;
import io.milena.protocol.wire.Writer;
import io.milena.server.request.ClientConnection;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Produce on the wire. The most frequent request is not decoded into a message first: its partitions become appends at once, and their
 * answers are written from there. Reads and writes byte for byte what the generated messages do, in every version.
 */
final class ProduceFormat {
    private static final int FIRST_VERSION_WITH_LOG_START = 5;
    private static final int FIRST_VERSION_WITH_RECORD_ERRORS = 8;
    private static final int FIRST_FLEXIBLE_VERSION = 9;
    private static final int FIRST_VERSION_WITH_LEADERS = 10;
    private static final int FIRST_VERSION_WITH_TOPIC_IDS = 13;

    private static final int MIN_TOPIC_BYTES = 3;
    private static final int MIN_PARTITION_BYTES = 6;

    private ProduceFormat() {}

    static boolean hasLeaders(int version) {
        return version >= FIRST_VERSION_WITH_LEADERS;
    }

    static boolean hasTopicIds(int version) {
        return version >= FIRST_VERSION_WITH_TOPIC_IDS;
    }

    /**
     * Reads a request into an operation that has none yet.
     *
     * @param connection knows the topic that the request before wrote to
     */
    static void read(Reader reader, int version, ClientConnection connection, ProduceOperation operation) {
        boolean flexible = version >= FIRST_FLEXIBLE_VERSION;
        String transactionalId = flexible ? reader.readCompactNullableString() : reader.readNullableString();
        operation.settings(transactionalId, reader.readInt16(), reader.readInt32());
        int topics = WireFields.readCount(reader, flexible, MIN_TOPIC_BYTES, "topicData");
        ProducedTopic last = null;
        for (int i = 0; i < topics; i++) {
            ProducedTopic topic = readTopic(reader, version, connection);
            readPartitions(reader, flexible, operation, topic);
            operation.add(topic, last);
            last = topic;
        }
        if (flexible) {
            reader.skipTags();
        }
    }

    private static ProducedTopic readTopic(Reader reader, int version, ClientConnection connection) {
        if (hasTopicIds(version)) {
            UUID id = reader.readUuid(connection.topicId());
            connection.topicId(id);
            return ProducedTopic.of(id);
        }
        String topic = WireFields.readString(reader, version >= FIRST_FLEXIBLE_VERSION, connection.topic());
        connection.topic(topic);
        return ProducedTopic.of(topic);
    }

    private static void readPartitions(
            Reader reader, boolean flexible, ProduceOperation operation, ProducedTopic topic) {
        int partitions = WireFields.readCount(reader, flexible, MIN_PARTITION_BYTES, "partitionData");
        PartitionAppend last = null;
        for (int i = 0; i < partitions; i++) {
            int index = reader.readInt32();
            ByteBuffer batch = flexible ? reader.readCompactSlice() : reader.readSlice();
            if (flexible) {
                reader.skipTags();
            }
            PartitionAppend append = new PartitionAppend(operation, index, batch);
            topic.add(append, last);
            last = append;
        }
        if (flexible) {
            reader.skipTags();
        }
    }

    /** Writes the response to a request. */
    static void write(
            Writer writer,
            int version,
            @Nullable ProducedTopic first,
            int throttleTimeMs,
            List<ProduceResponse.NodeEndpoint> leaders) {
        writeCount(writer, version, ProducedTopic.count(first));
        for (ProducedTopic topic = first; topic != null; topic = topic.next()) {
            writeTopic(writer, version, topic);
        }
        writer.writeInt32(throttleTimeMs);
        if (version < FIRST_FLEXIBLE_VERSION) {
            return;
        }
        if (leaders.isEmpty()) {
            writer.writeUnsignedVarint(0);
            return;
        }
        if (!hasLeaders(version)) {
            throw ProtocolException.lostField("nodeEndpoints", version);
        }
        writer.writeUnsignedVarint(1);
        int tag = writer.beginTag(0);
        writer.writeCompactArrayLength(leaders.size());
        for (int i = 0; i < leaders.size(); i++) {
            leaders.get(i).write(writer, version);
        }
        writer.endTag(tag);
    }

    private static void writeTopic(Writer writer, int version, ProducedTopic topic) {
        if (hasTopicIds(version)) {
            writer.writeUuid(topic.id());
        } else if (version >= FIRST_FLEXIBLE_VERSION) {
            writer.writeCompactString(topic.name());
        } else {
            writer.writeString(topic.name());
        }
        writeCount(writer, version, topic.partitionCount());
        for (PartitionAppend append = topic.first(); append != null; append = append.next()) {
            ProduceResponse.Partition refusal = append.refusal();
            if (refusal == null) {
                writeResult(writer, version, append.index(), append.result());
            } else {
                refusal.write(writer, version);
            }
        }
        if (version >= FIRST_FLEXIBLE_VERSION) {
            writer.writeUnsignedVarint(0);
        }
    }

    private static void writeResult(Writer writer, int version, int index, AppendResult result) {
        writer.writeInt32(index);
        writer.writeInt16(ErrorCode.NONE.code());
        writer.writeInt64(result.firstOffset());
        writer.writeInt64(result.logAppendTimeMs());
        if (version >= FIRST_VERSION_WITH_LOG_START) {
            writer.writeInt64(result.logStartOffset());
        }
        if (version >= FIRST_FLEXIBLE_VERSION) {
            writer.writeCompactArrayLength(0);
            writer.writeCompactNullableString(null);
            writer.writeUnsignedVarint(0);
        } else if (version >= FIRST_VERSION_WITH_RECORD_ERRORS) {
            writer.writeArrayLength(0);
            writer.writeNullableString(null);
        }
    }

    private static void writeCount(Writer writer, int version, int count) {
        if (version >= FIRST_FLEXIBLE_VERSION) {
            writer.writeCompactArrayLength(count);
        } else {
            writer.writeArrayLength(count);
        }
    }
}
