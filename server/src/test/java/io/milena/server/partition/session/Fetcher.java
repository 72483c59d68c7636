package io.milena.server.partition.session;

import io.milena.protocol.message.FetchRequest;
import io.milena.protocol.message.FetchResponse;
import io.milena.server.partition.Partition;
import io.milena.server.partition.TestPartitions;
import io.milena.server.partition.session.FetchTerms.Reader;
import io.milena.server.request.LeasedRecords;
import io.milena.server.strand.ManualExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** One client that fetches through one connection, with its event loop in the hands of the test. */
final class Fetcher implements AutoCloseable {
    private final ManualExecutor eventLoop = new ManualExecutor();
    private final ConnectionFetches fetches;
    private int version = 16;
    private Reader reader = Reader.UNCOMMITTED;
    private int maxWaitMs = 500;
    private int minBytes = 1;
    private int maxBytes = 1 << 20;
    private int sessionId;
    private int sessionEpoch = -1;

    Fetcher(TestPartitions partitions, FetchSessions sessions) {
        fetches = new ConnectionFetches(sessions, partitions, response -> {}, partitions.timers(), eventLoop);
    }

    Fetcher version(int value) {
        version = value;
        return this;
    }

    Fetcher reader(Reader value) {
        reader = value;
        return this;
    }

    Fetcher waits(int waitMs, int bytes) {
        maxWaitMs = waitMs;
        minBytes = bytes;
        return this;
    }

    Fetcher maxBytes(int value) {
        maxBytes = value;
        return this;
    }

    Fetcher session(int id, int epoch) {
        sessionId = id;
        sessionEpoch = epoch;
        return this;
    }

    /** A partition to ask for, from an offset on. */
    FetchRequest.Topic wants(Partition partition, long offset) {
        return wants(partition, offset, 1 << 20);
    }

    FetchRequest.Topic wants(Partition partition, long offset, int partitionMaxBytes) {
        return new FetchRequest.Topic()
                .topic(partition.topic())
                .topicId(partition.topicId())
                .partitions(List.of(new FetchRequest.Partition()
                        .partition(partition.index())
                        .fetchOffset(offset)
                        .partitionMaxBytes(partitionMaxBytes)));
    }

    FetchRequest.ForgottenTopic forgets(Partition partition) {
        return new FetchRequest.ForgottenTopic()
                .topic(partition.topic())
                .topicId(partition.topicId())
                .partitions(List.of(partition.index()));
    }

    CompletableFuture<FetchResponse> fetch(FetchRequest.Topic... topics) {
        return fetch(List.of(topics), List.of());
    }

    CompletableFuture<FetchResponse> fetch(
            List<FetchRequest.Topic> topics, List<FetchRequest.ForgottenTopic> forgotten) {
        FetchRequest request = new FetchRequest()
                .sessionId(sessionId)
                .sessionEpoch(sessionEpoch)
                .topics(topics)
                .forgottenTopicsData(forgotten);
        FetchTerms terms = new FetchTerms(version, reader, maxWaitMs, Math.min(minBytes, maxBytes), maxBytes);
        return fetches.fetch(request, terms).toCompletableFuture();
    }

    ManualExecutor eventLoop() {
        return eventLoop;
    }

    int sessions() {
        return fetches.size();
    }

    @Override
    public void close() {
        fetches.close();
    }

    /** Name, offsets and size of each partition in a response; gives its records back. */
    static List<String> told(FetchResponse response) {
        List<String> told = new ArrayList<>();
        for (FetchResponse.Topic topic : response.responses()) {
            for (FetchResponse.Partition partition : topic.partitions()) {
                int bytes =
                        partition.records() == null ? 0 : partition.records().sizeInBytes();
                told.add(partition.partitionIndex()
                        + (partition.errorCode().code() == 0 ? "" : " " + partition.errorCode())
                        + " hw=" + partition.highWatermark()
                        + (bytes == 0 ? "" : " bytes=" + bytes));
            }
        }
        release(response);
        return told;
    }

    static void release(FetchResponse response) {
        for (FetchResponse.Topic topic : response.responses()) {
            for (FetchResponse.Partition partition : topic.partitions()) {
                if (partition.records() instanceof LeasedRecords leased) {
                    leased.release();
                }
            }
        }
    }
}
