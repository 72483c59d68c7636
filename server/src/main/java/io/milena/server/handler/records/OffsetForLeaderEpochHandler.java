package io.milena.server.handler.records;

import io.milena.log.epoch.LeaderEpochs;
import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.OffsetForLeaderEpochRequest;
import io.milena.protocol.message.OffsetForLeaderEpochResponse;
import io.milena.server.partition.Partition;
import io.milena.server.partition.PartitionLookup;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** OffsetForLeaderEpoch: where the log of a leader epoch ended, so that a reader can tell whether what it read was cut off. */
public final class OffsetForLeaderEpochHandler
        implements ApiHandler<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse> {
    private final PartitionLookup partitions;

    public OffsetForLeaderEpochHandler(PartitionLookup partitions) {
        this.partitions = partitions;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.OFFSET_FOR_LEADER_EPOCH;
    }

    @Override
    public CompletionStage<OffsetForLeaderEpochResponse> handle(
            OffsetForLeaderEpochRequest request, RequestContext context) {
        List<OffsetForLeaderEpochResponse.Topic> topics =
                new ArrayList<>(request.topics().size());
        for (OffsetForLeaderEpochRequest.Topic topic : request.topics()) {
            List<OffsetForLeaderEpochResponse.Partition> answers =
                    new ArrayList<>(topic.partitions().size());
            for (OffsetForLeaderEpochRequest.Partition wanted : topic.partitions()) {
                answers.add(find(topic.topic(), wanted).partition(wanted.partition()));
            }
            topics.add(new OffsetForLeaderEpochResponse.Topic()
                    .topic(topic.topic())
                    .partitions(answers));
        }
        return CompletableFuture.completedFuture(new OffsetForLeaderEpochResponse().topics(topics));
    }

    private OffsetForLeaderEpochResponse.Partition find(String topic, OffsetForLeaderEpochRequest.Partition wanted) {
        OffsetForLeaderEpochResponse.Partition answer = new OffsetForLeaderEpochResponse.Partition();
        Partition partition = partitions.find(topic, wanted.partition());
        if (partition == null) {
            return answer.errorCode(partitions.whyMissing(topic, wanted.partition()));
        }
        ErrorCode error = partition.checkLeader(wanted.currentLeaderEpoch());
        if (error != ErrorCode.NONE) {
            return answer.errorCode(error);
        }
        LeaderEpochs.EpochEnd end = partition.endOfEpoch(wanted.leaderEpoch());
        return answer.leaderEpoch(end.epoch()).endOffset(end.endOffset());
    }
}
