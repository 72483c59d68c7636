package io.milena.server.partition.session;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.Uuids;
import io.milena.protocol.message.FetchResponse;
import io.milena.protocol.wire.BufferRecords;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Builds the responses to the fetches of one connection, each out of the parts of the one before. That one was encoded by then, or will
 * never be: fetches do not overlap, so that the next request is taken up when the response to this one was handed to the channel, or
 * the connection has ended. Belongs to the connection's event loop.
 */
final class Answers {
    /** Parts that are kept for the next response; larger ones are rare, and would only fill the memory. */
    private static final int MAX_KEPT = 16;

    private static final BufferRecords NO_RECORDS = new BufferRecords(ByteBuffer.allocate(0));

    private final FetchResponse response = new FetchResponse();
    private List<SessionPartition> told = new ArrayList<>(1);
    private List<FetchResponse.Topic> topics = new ArrayList<>(1);
    private List<FetchResponse.Partition> parts = new ArrayList<>(1);
    private List<FetchResponse.Topic> topicParts = new ArrayList<>(1);

    /** Begins a response that tells of nothing yet. */
    void clear() {
        if (parts.size() > MAX_KEPT) {
            told = new ArrayList<>(1);
            topics = new ArrayList<>(1);
            parts = new ArrayList<>(1);
            topicParts = new ArrayList<>(1);
        } else {
            told.clear();
            topics.clear();
        }
    }

    /** How many partitions the response tells of. */
    int size() {
        return told.size();
    }

    /** The one told of in that place. */
    SessionPartition told(int place) {
        return told.get(place);
    }

    /** What is told of it. */
    FetchResponse.Partition answer(int place) {
        return parts.get(place);
    }

    /** Tells of one more partition: nothing but its index so far. */
    FetchResponse.Partition add(SessionPartition partition) {
        int place = told.size();
        told.add(partition);
        if (place == parts.size()) {
            parts.add(new FetchResponse.Partition());
        }
        return parts.get(place)
                .partitionIndex(partition.key().index())
                .errorCode(ErrorCode.NONE)
                .highWatermark(-1)
                .lastStableOffset(-1)
                .logStartOffset(-1)
                .divergingEpoch(null)
                .currentLeader(null)
                .abortedTransactions(null)
                .records(NO_RECORDS);
    }

    /** The response as it stands, by topics. */
    FetchResponse response(int sessionId) {
        Object topic = null;
        List<FetchResponse.Partition> ofTopic = List.of();
        for (int i = 0; i < told.size(); i++) {
            Object next = told.get(i).key().topic();
            if (!next.equals(topic)) {
                topic = next;
                ofTopic = addTopic(next);
            }
            ofTopic.add(parts.get(i));
        }
        return response.throttleTimeMs(0).sessionId(sessionId).responses(topics).nodeEndpoints(List.of());
    }

    private List<FetchResponse.Partition> addTopic(Object name) {
        int place = topics.size();
        if (place == topicParts.size()) {
            topicParts.add(new FetchResponse.Topic().partitions(new ArrayList<>(1)));
        }
        FetchResponse.Topic topic = topicParts.get(place);
        topic.partitions().clear();
        topics.add(
                name instanceof UUID id
                        ? topic.topicId(id).topic("")
                        : topic.topicId(Uuids.ZERO).topic((String) name));
        return topic.partitions();
    }
}
