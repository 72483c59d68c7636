package io.milena.server.handler.records;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.FetchResponse;
import io.milena.server.cluster.ImageSource;
import io.milena.server.cluster.PartitionImage;
import io.milena.server.partition.session.LeaderHints;
import io.milena.server.request.ClientConnection;
import java.util.ArrayList;
import java.util.List;

/** Adds current leaders and their endpoints to the fetch responses of one connection. */
final class FetchLeaderHints implements LeaderHints {
    private final ImageSource images;
    private final ClientConnection connection;

    FetchLeaderHints(ImageSource images, ClientConnection connection) {
        this.images = images;
        this.connection = connection;
    }

    @Override
    public void addTo(FetchResponse response) {
        CurrentLeaders leaders = null;
        for (FetchResponse.Topic topic : response.responses()) {
            for (FetchResponse.Partition answer : topic.partitions()) {
                boolean wrongLeader = answer.errorCode() == ErrorCode.NOT_LEADER_OR_FOLLOWER
                        || answer.errorCode() == ErrorCode.FENCED_LEADER_EPOCH;
                if (!wrongLeader) {
                    continue;
                }
                if (leaders == null) {
                    leaders = new CurrentLeaders(images.image(), connection);
                }
                PartitionImage partition = leaders.find(topic.topic(), topic.topicId(), answer.partitionIndex());
                if (partition != null) {
                    answer.currentLeader(new FetchResponse.LeaderIdAndEpoch()
                            .leaderId(partition.leader())
                            .leaderEpoch(partition.leaderEpoch()));
                }
            }
        }
        if (leaders != null) {
            response.nodeEndpoints(endpoints(leaders));
        }
    }

    private static List<FetchResponse.NodeEndpoint> endpoints(CurrentLeaders leaders) {
        List<FetchResponse.NodeEndpoint> endpoints = new ArrayList<>();
        for (CurrentLeaders.Node node : leaders.nodes()) {
            endpoints.add(new FetchResponse.NodeEndpoint()
                    .nodeId(node.id())
                    .host(node.endpoint().host())
                    .port(node.endpoint().port())
                    .rack(node.rack()));
        }
        return endpoints;
    }
}
