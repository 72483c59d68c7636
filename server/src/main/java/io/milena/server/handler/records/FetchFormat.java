package io.milena.server.handler.records;

import io.milena.protocol.Uuids;
import io.milena.protocol.message.FetchRequest;
import io.milena.protocol.wire.Reader;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the fetch requests of one connection, each into the objects of the one before: clients ask for nearly the same again and again.
 * Reads byte for byte what the generated message does, in every version.
 *
 * <p>A request is used up when its handler returns, and not before that is the next one read: the connection takes up no further request
 * while one waits for its turn. Belongs to the connection's event loop.
 */
final class FetchFormat {
    private static final int FIRST_VERSION_WITH_LOG_START = 5;
    private static final int FIRST_VERSION_WITH_SESSIONS = 7;
    private static final int FIRST_VERSION_WITH_LEADER_EPOCH = 9;
    private static final int FIRST_VERSION_WITH_RACK = 11;
    private static final int FIRST_FLEXIBLE_VERSION = 12;
    private static final int FIRST_VERSION_WITH_TOPIC_IDS = 13;
    private static final int FIRST_VERSION_WITH_REPLICA_STATE = 15;
    private static final int FIRST_VERSION_WITH_DIRECTORIES = 17;
    private static final int FIRST_VERSION_WITH_HIGH_WATERMARK = 18;

    private static final int MIN_TOPIC_BYTES = 3;
    private static final int MIN_PARTITION_BYTES = 16;

    /** Partitions that are kept for the next request; more of them are rare, and would only fill the memory. */
    private static final int MAX_KEPT = 16;

    private final FetchRequest request = new FetchRequest();
    private List<FetchRequest.Topic> topics = new ArrayList<>(1);
    private List<FetchRequest.Topic> topicParts = new ArrayList<>(1);
    private List<FetchRequest.Partition> parts = new ArrayList<>(1);
    private int partitionCount;

    /** Reads a request, behind its header. */
    FetchRequest read(Reader reader, int version) {
        boolean hasSession = version >= FIRST_VERSION_WITH_SESSIONS;
        begin();
        request.clusterId(null)
                .replicaState(null)
                .replicaId(version < FIRST_VERSION_WITH_REPLICA_STATE ? reader.readInt32() : -1)
                .maxWaitMs(reader.readInt32())
                .minBytes(reader.readInt32())
                .maxBytes(reader.readInt32())
                .isolationLevel(reader.readInt8())
                .sessionId(hasSession ? reader.readInt32() : 0)
                .sessionEpoch(hasSession ? reader.readInt32() : -1);
        int count = WireFields.readCount(reader, isFlexible(version), MIN_TOPIC_BYTES, "topics");
        for (int i = 0; i < count; i++) {
            readTopic(reader, version);
        }
        request.topics(topics).forgottenTopicsData(hasSession ? readForgotten(reader, version) : List.of());
        request.rackId(
                version >= FIRST_VERSION_WITH_RACK
                        ? WireFields.readString(reader, isFlexible(version), request.rackId())
                        : "");
        if (isFlexible(version)) {
            readTags(reader, version);
        }
        return request;
    }

    private void begin() {
        partitionCount = 0;
        if (topicParts.size() > MAX_KEPT || parts.size() > MAX_KEPT) {
            topics = new ArrayList<>(1);
            topicParts = new ArrayList<>(1);
            parts = new ArrayList<>(1);
        } else {
            topics.clear();
        }
    }

    private void readTopic(Reader reader, int version) {
        int place = topics.size();
        if (place == topicParts.size()) {
            topicParts.add(new FetchRequest.Topic().partitions(new ArrayList<>(1)));
        }
        FetchRequest.Topic topic = topicParts.get(place);
        topics.add(topic);
        if (version >= FIRST_VERSION_WITH_TOPIC_IDS) {
            topic.topic("").topicId(reader.readUuid(topic.topicId()));
        } else {
            topic.topicId(Uuids.ZERO).topic(WireFields.readString(reader, isFlexible(version), topic.topic()));
        }
        topic.partitions().clear();
        int count = WireFields.readCount(reader, isFlexible(version), MIN_PARTITION_BYTES, "partitions");
        for (int i = 0; i < count; i++) {
            topic.partitions().add(readPartition(reader, version));
        }
        if (isFlexible(version)) {
            reader.skipTags();
        }
    }

    private FetchRequest.Partition readPartition(Reader reader, int version) {
        if (partitionCount == parts.size()) {
            parts.add(new FetchRequest.Partition());
        }
        FetchRequest.Partition partition = parts.get(partitionCount++)
                .partition(reader.readInt32())
                .currentLeaderEpoch(version >= FIRST_VERSION_WITH_LEADER_EPOCH ? reader.readInt32() : -1)
                .fetchOffset(reader.readInt64())
                .lastFetchedEpoch(isFlexible(version) ? reader.readInt32() : -1)
                .logStartOffset(version >= FIRST_VERSION_WITH_LOG_START ? reader.readInt64() : -1)
                .partitionMaxBytes(reader.readInt32())
                .replicaDirectoryId(Uuids.ZERO)
                .highWatermark(Long.MAX_VALUE);
        if (isFlexible(version)) {
            for (int unread = reader.readUnsignedVarint(); unread > 0; unread--) {
                readTag(reader, version, partition);
            }
        }
        return partition;
    }

    private static void readTag(Reader reader, int version, FetchRequest.Partition partition) {
        int tag = reader.readUnsignedVarint();
        int end = reader.readTagEnd();
        if (tag == 0 && version >= FIRST_VERSION_WITH_DIRECTORIES) {
            partition.replicaDirectoryId(reader.readUuid());
            reader.finishTag(end);
        } else if (tag == 1 && version >= FIRST_VERSION_WITH_HIGH_WATERMARK) {
            partition.highWatermark(reader.readInt64());
            reader.finishTag(end);
        } else {
            reader.skipTag(end);
        }
    }

    private static List<FetchRequest.ForgottenTopic> readForgotten(Reader reader, int version) {
        int count = WireFields.readCount(reader, isFlexible(version), MIN_TOPIC_BYTES, "forgottenTopicsData");
        if (count == 0) {
            return List.of();
        }
        List<FetchRequest.ForgottenTopic> forgotten = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            forgotten.add(FetchRequest.ForgottenTopic.read(reader, version));
        }
        return forgotten;
    }

    private void readTags(Reader reader, int version) {
        for (int unread = reader.readUnsignedVarint(); unread > 0; unread--) {
            int tag = reader.readUnsignedVarint();
            int end = reader.readTagEnd();
            if (tag == 0) {
                request.clusterId(reader.readCompactNullableString());
                reader.finishTag(end);
            } else if (tag == 1 && version >= FIRST_VERSION_WITH_REPLICA_STATE) {
                request.replicaState(FetchRequest.ReplicaState.read(reader, version));
                reader.finishTag(end);
            } else {
                reader.skipTag(end);
            }
        }
    }

    private static boolean isFlexible(int version) {
        return version >= FIRST_FLEXIBLE_VERSION;
    }
}
