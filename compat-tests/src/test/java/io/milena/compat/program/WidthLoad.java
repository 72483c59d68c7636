package io.milena.compat.program;

import io.milena.compat.harness.ProtocolConnection;
import io.milena.compat.harness.Waiting;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Something that is done one after the other by one thread, while as many others as wanted exist. */
abstract class WidthLoad implements AutoCloseable {
    private static final int CREATE_VERSION = 5;
    private static final int ADD_PARTITIONS_VERSION = 2;
    private static final int DELETE_VERSION = 4;
    private static final int METADATA_VERSION = 9;
    private static final int PRODUCE_VERSION = 9;
    private static final int FETCH_VERSION = 12;
    private static final int FIND_VERSION = 3;
    private static final int COMMIT_VERSION = 8;
    private static final short UNKNOWN_PARTITION = 3;
    private static final short NOT_LEADER = 6;
    private static final int RECORD_BYTES = 100;

    /** Kafka writes at most 10,000 records of metadata for a request, one for each partition and one for the topic. */
    private static final int MAX_NEW_PARTITIONS = 5_000;

    private static final int TIMEOUT_MS = 300_000;
    private static final int MAX_WAIT_MS = 30_000;
    private static final int MAX_BYTES = 1 << 20;

    final ProtocolConnection connection;
    final String topic = "width-" + UUID.randomUUID();

    private WidthLoad(int port, int partitions) {
        connection = new ProtocolConnection(port);
        create(Math.min(partitions, MAX_NEW_PARTITIONS));
        for (int made = MAX_NEW_PARTITIONS; made < partitions; made += MAX_NEW_PARTITIONS) {
            addPartitions(Math.min(partitions, made + MAX_NEW_PARTITIONS));
        }
        Waiting.until(
                "leaders of " + topic, Duration.ofMillis(TIMEOUT_MS), () -> hasLeaders(partitions), () -> "no leaders");
    }

    /** Does it about so often; gives how often it was. */
    abstract int run(int times);

    /** Records sent through one connection after the other. */
    static WidthLoad connections(int port, int width) {
        List<ProtocolConnection> open = new ArrayList<>();
        return new WidthLoad(port, 1) {
            @Override
            int run(int times) {
                while (open.size() < width) {
                    open.add(new ProtocolConnection(port));
                }
                for (int i = 0; i < times; i++) {
                    produce(open.get(i % width), 0);
                }
                return times;
            }

            @Override
            public void close() {
                open.forEach(ProtocolConnection::close);
                super.close();
            }
        };
    }

    /** Records sent to one partition after the other, each read by a consumer of all partitions before the next one is sent. */
    static WidthLoad partitions(int port, int width) {
        return new WidthLoad(port, width) {
            private final ReadSession session = new ReadSession(port, topic, width);

            @Override
            int run(int times) {
                for (int i = 0; i < times; i++) {
                    produce(connection, i % width);
                    session.read();
                }
                return times;
            }

            @Override
            public void close() {
                session.connection.close();
                super.close();
            }
        };
    }

    /** Offsets committed for one group after the other. */
    static WidthLoad groups(int port, int width) {
        return new WidthLoad(port, 1) {
            private int offset;

            @Override
            int run(int times) {
                for (int i = 0; i < times; i++) {
                    String group = topic + "-" + i % width;
                    offset++;
                    if (commit(group) != 0) {
                        Waiting.until(
                                "coordinator of " + group,
                                Duration.ofMillis(TIMEOUT_MS),
                                () -> findCoordinator(group) == 0 && commit(group) == 0,
                                () -> "no coordinator");
                    }
                }
                return times;
            }

            /** Makes the broker create the topic of the offsets, if nobody did. */
            private short findCoordinator(String group) {
                FindCoordinatorResponseData response = (FindCoordinatorResponseData)
                        connection.call(new FindCoordinatorRequestData().setKey(group), FIND_VERSION);
                return response.errorCode();
            }

            private short commit(String group) {
                OffsetCommitRequestData request =
                        new OffsetCommitRequestData().setGroupId(group).setGenerationIdOrMemberEpoch(-1);
                request.topics()
                        .add(new OffsetCommitRequestData.OffsetCommitRequestTopic()
                                .setName(topic)
                                .setPartitions(List.of(new OffsetCommitRequestData.OffsetCommitRequestPartition()
                                        .setPartitionIndex(0)
                                        .setCommittedOffset(offset))));
                OffsetCommitResponseData response = (OffsetCommitResponseData) connection.call(request, COMMIT_VERSION);
                return response.topics().get(0).partitions().get(0).errorCode();
            }
        };
    }

    /** Records of one partition that all its consumers wait for; counted once for each consumer. */
    static WidthLoad consumers(int port, int width) {
        return new WidthLoad(port, 1) {
            private final List<ReadSession> consumers = new ArrayList<>();

            @Override
            int run(int times) {
                while (consumers.size() < width) {
                    consumers.add(new ReadSession(port, topic, 1));
                }
                int records = Math.max(1, times / width);
                for (int i = 0; i < records; i++) {
                    consumers.forEach(ReadSession::ask);
                    produce(connection, 0);
                    consumers.forEach(ReadSession::take);
                }
                return records * width;
            }

            @Override
            public void close() {
                consumers.forEach(consumer -> consumer.connection.close());
                super.close();
            }
        };
    }

    @Override
    public void close() {
        connection.call(
                new DeleteTopicsRequestData().setTopicNames(List.of(topic)).setTimeoutMs(TIMEOUT_MS), DELETE_VERSION);
        connection.close();
    }

    private void create(int partitions) {
        CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(TIMEOUT_MS);
        request.topics()
                .add(new CreatableTopic()
                        .setName(topic)
                        .setNumPartitions(partitions)
                        .setReplicationFactor((short) 1));
        CreateTopicsResponseData response = (CreateTopicsResponseData) connection.call(request, CREATE_VERSION);
        requireNone(response.topics().find(topic).errorCode(), "create topic");
    }

    private void addPartitions(int total) {
        CreatePartitionsRequestData request = new CreatePartitionsRequestData().setTimeoutMs(TIMEOUT_MS);
        request.topics()
                .add(new CreatePartitionsRequestData.CreatePartitionsTopic()
                        .setName(topic)
                        .setCount(total)
                        .setAssignments(null));
        CreatePartitionsResponseData response =
                (CreatePartitionsResponseData) connection.call(request, ADD_PARTITIONS_VERSION);
        requireNone(response.results().get(0).errorCode(), "add partitions");
    }

    private static void requireNone(short error, String what) {
        if (error != 0) {
            throw new IllegalStateException(what + " failed with error " + error);
        }
    }

    /** Sends a record; as long as its broker does not know yet that it leads the partition, again. */
    void produce(ProtocolConnection through, int partition) {
        short error = tryToProduce(through, partition);
        if (error == UNKNOWN_PARTITION || error == NOT_LEADER) {
            Waiting.until(
                    "leader of " + topic + "-" + partition,
                    Duration.ofMillis(TIMEOUT_MS),
                    () -> tryToProduce(through, partition) == 0,
                    () -> "no leader");
        } else {
            requireNone(error, "produce");
        }
    }

    private short tryToProduce(ProtocolConnection through, int partition) {
        ProduceRequestData request = new ProduceRequestData().setAcks((short) 1).setTimeoutMs(TIMEOUT_MS);
        request.topicData()
                .add(new ProduceRequestData.TopicProduceData()
                        .setName(topic)
                        .setPartitionData(List.of(new ProduceRequestData.PartitionProduceData()
                                .setIndex(partition)
                                .setRecords(MemoryRecords.withRecords(
                                        Compression.NONE,
                                        new SimpleRecord(
                                                "x".repeat(RECORD_BYTES).getBytes(StandardCharsets.UTF_8)))))));
        ProduceResponseData response = (ProduceResponseData) through.call(request, PRODUCE_VERSION);
        return response.responses()
                .iterator()
                .next()
                .partitionResponses()
                .get(0)
                .errorCode();
    }

    private boolean hasLeaders(int partitions) {
        MetadataRequestData request = new MetadataRequestData()
                .setTopics(List.of(new MetadataRequestData.MetadataRequestTopic().setName(topic)))
                .setAllowAutoTopicCreation(false);
        MetadataResponseData response = (MetadataResponseData) connection.call(request, METADATA_VERSION);
        MetadataResponseData.MetadataResponseTopic found = response.topics().find(topic);
        return found != null
                && found.partitions().size() == partitions
                && found.partitions().stream().allMatch(partition -> partition.leaderId() >= 0);
    }

    /** A consumer of all partitions of a topic, from their ends on, in an incremental session. */
    private static final class ReadSession {
        final ProtocolConnection connection;
        private final String topic;
        private final long[] offsets;
        private List<Integer> moved = new ArrayList<>();
        private int id;
        private int epoch;

        ReadSession(int port, String topic, int partitions) {
            this.connection = new ProtocolConnection(port);
            this.topic = topic;
            this.offsets = new long[partitions];
            for (int i = 0; i < partitions; i++) {
                moved.add(i);
            }
            ask(0);
            take();
        }

        void read() {
            int before = epoch;
            do {
                ask();
            } while (take() == 0 && epoch < before + 10);
        }

        void ask() {
            ask(MAX_WAIT_MS);
        }

        private void ask(int maxWaitMs) {
            FetchRequestData request = new FetchRequestData()
                    .setMaxWaitMs(maxWaitMs)
                    .setMinBytes(1)
                    .setMaxBytes(MAX_BYTES)
                    .setSessionId(id)
                    .setSessionEpoch(epoch);
            FetchRequestData.FetchTopic wanted = new FetchRequestData.FetchTopic().setTopic(topic);
            for (int partition : moved) {
                wanted.partitions()
                        .add(new FetchRequestData.FetchPartition()
                                .setPartition(partition)
                                .setFetchOffset(offsets[partition])
                                .setPartitionMaxBytes(MAX_BYTES));
            }
            if (!moved.isEmpty()) {
                request.topics().add(wanted);
            }
            connection.send(request, FETCH_VERSION);
        }

        /** Reads the response; gives how many records came. */
        int take() {
            FetchResponseData response = (FetchResponseData) connection.receive(ApiMessageType.FETCH, FETCH_VERSION);
            if (response.errorCode() != 0 || response.sessionId() == 0) {
                throw new IllegalStateException(
                        "fetch failed with error " + response.errorCode() + " in session " + response.sessionId());
            }
            id = response.sessionId();
            epoch++;
            moved = new ArrayList<>();
            int records = 0;
            for (FetchResponseData.FetchableTopicResponse answer : response.responses()) {
                for (FetchResponseData.PartitionData partition : answer.partitions()) {
                    long before = offsets[partition.partitionIndex()];
                    offsets[partition.partitionIndex()] = Math.max(before, partition.highWatermark());
                    if (offsets[partition.partitionIndex()] > before) {
                        records += (int) (offsets[partition.partitionIndex()] - before);
                        moved.add(partition.partitionIndex());
                    }
                }
            }
            return records;
        }
    }
}
