package io.milena.server.partition;

import java.util.UUID;

/** Which partition of which topic: a topic that was deleted and made again has another id. */
public record PartitionIdentity(String topic, UUID topicId, int index) {
    @Override
    public String toString() {
        return topic + "-" + index;
    }
}
