package io.milena.server.handler.records;

import io.milena.server.cluster.BrokerImage;
import io.milena.server.cluster.ClusterImage;
import io.milena.server.cluster.Endpoint;
import io.milena.server.cluster.PartitionImage;
import io.milena.server.cluster.TopicImage;
import io.milena.server.request.ClientConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who leads the partitions a client asked the wrong broker for, and where those brokers are for this client (KIP-951). Made for one
 * response, from one image.
 */
final class CurrentLeaders {
    private final ClusterImage image;
    private final ClientConnection connection;
    private final TreeMap<Integer, Node> nodes = new TreeMap<>();

    /** One broker, as this client reaches it. */
    record Node(int id, Endpoint endpoint, @Nullable String rack) {}

    CurrentLeaders(ClusterImage image, ClientConnection connection) {
        this.image = image;
        this.connection = connection;
    }

    /** The partition as the image knows it, null if it does not; its leader will be among the {@link #nodes()}. */
    @Nullable
    PartitionImage find(@Nullable String topic, UUID topicId, int index) {
        TopicImage found = topic == null || topic.isEmpty() ? image.topic(topicId) : image.topic(topic);
        PartitionImage partition = found == null ? null : found.partition(index);
        BrokerImage leader = partition == null ? null : image.broker(partition.leader());
        if (leader != null) {
            Endpoint endpoint = leader.endpoint(connection.listenerName());
            if (endpoint != null) {
                nodes.put(
                        leader.id(),
                        new Node(leader.id(), endpoint.seenFrom(connection.localAddress()), leader.rack()));
            }
        }
        return partition;
    }

    /** The leaders found so far, each once, by ascending id. */
    List<Node> nodes() {
        return new ArrayList<>(nodes.values());
    }
}
