package io.milena.server.cluster;

import io.milena.protocol.ErrorCode;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An image as a client sees it through the listener it is connected to: the addresses of that listener, and only brokers that have
 * it.
 */
public final class ListenerView {
    private final ClusterImage image;
    private final String listenerName;
    private final InetSocketAddress localAddress;

    /** @param localAddress where the client connected to */
    public ListenerView(ClusterImage image, String listenerName, InetSocketAddress localAddress) {
        this.image = image;
        this.listenerName = listenerName;
        this.localAddress = localAddress;
    }

    /** All brokers that have the listener, by ascending id. */
    public List<BrokerNode> nodes() {
        List<BrokerNode> nodes = new ArrayList<>();
        for (BrokerImage broker : image.brokers()) {
            BrokerNode node = node(broker.id());
            if (node != null) {
                nodes.add(node);
            }
        }
        return nodes;
    }

    /** The broker with that id; null if it is not alive or lacks the listener. */
    public @Nullable BrokerNode node(int brokerId) {
        BrokerImage broker = image.broker(brokerId);
        Endpoint endpoint = broker == null ? null : broker.endpoint(listenerName);
        if (broker == null || endpoint == null) {
            return null;
        }
        Endpoint seen = endpoint.seenFrom(localAddress);
        return new BrokerNode(brokerId, seen.host(), seen.port(), broker.rack());
    }

    /** Whether clients reach the broker. */
    public boolean isReachable(int brokerId) {
        BrokerImage broker = image.broker(brokerId);
        return broker != null && broker.endpoint(listenerName) != null;
    }

    /** The leader of a partition, or {@link PartitionImage#NO_LEADER} if clients do not reach it. */
    public int leader(PartitionImage partition) {
        return isReachable(partition.leader()) ? partition.leader() : PartitionImage.NO_LEADER;
    }

    /** Why {@link #leader} names none; NONE if it does name one. */
    public ErrorCode leaderError(PartitionImage partition) {
        if (isReachable(partition.leader())) {
            return ErrorCode.NONE;
        }
        return image.broker(partition.leader()) == null ? ErrorCode.LEADER_NOT_AVAILABLE : ErrorCode.LISTENER_NOT_FOUND;
    }

    /** Replicas that clients do not reach; all of them where nobody leads, as each that was online would. */
    public List<Integer> offlineReplicas(PartitionImage partition) {
        if (partition.leader() == PartitionImage.NO_LEADER) {
            return partition.replicas();
        }
        List<Integer> offline = List.of();
        for (int replica : partition.replicas()) {
            if (!isReachable(replica)) {
                offline = offline.isEmpty() ? new ArrayList<>() : offline;
                offline.add(replica);
            }
        }
        return offline;
    }
}
