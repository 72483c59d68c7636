package io.milena.compat.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.record.internal.MemoryRecords;

/** Produce requests with batches as they are, of whichever producer and sequence. */
public final class RawProduce {

    private static final short PRODUCE = 0;
    private static final short VERSION = 8;
    private static final short ACKS_ALL = -1;
    private static final int TIMEOUT_MS = 10_000;

    private RawProduce() {}

    /** Sends one batch and gives the answer. */
    public static ProduceResponseData.PartitionProduceResponse send(
            BrokerProcess broker, TopicPartition partition, MemoryRecords records) {
        ProduceRequestData request = new ProduceRequestData().setAcks(ACKS_ALL).setTimeoutMs(TIMEOUT_MS);
        ProduceRequestData.TopicProduceData topic =
                new ProduceRequestData.TopicProduceData().setName(partition.topic());
        topic.partitionData()
                .add(new ProduceRequestData.PartitionProduceData()
                        .setIndex(partition.partition())
                        .setRecords(records));
        request.topicData().add(topic);
        ObjectSerializationCache cache = new ObjectSerializationCache();
        ByteBuffer body = ByteBuffer.allocate(request.size(cache, VERSION));
        request.write(new ByteBufferAccessor(body), cache, VERSION);
        try (RawConnection connection = RawConnection.open(broker.port())) {
            connection.request(PRODUCE, VERSION, 1, body.array());
            ByteBuffer response = connection.response();
            response.getInt();
            return new ProduceResponseData(new ByteBufferAccessor(response), VERSION)
                    .responses()
                    .iterator()
                    .next()
                    .partitionResponses()
                    .get(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
