package io.milena.server.coordinator.transaction;

import io.milena.protocol.Message;
import io.milena.protocol.message.TransactionLogKey;
import io.milena.protocol.message.TransactionLogValue;
import io.milena.protocol.wire.ProtocolException;
import io.milena.protocol.wire.Reader;
import io.milena.protocol.wire.Writer;
import io.milena.server.coordinator.ProducerIdentity;
import io.milena.server.coordinator.RecordCodec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's format of {@code __transaction_state}. Two bytes come first in every key and value: in a key the kind of record, always 0; in a
 * value its version: 1 is written, 0 and 1 are read.
 */
public final class TransactionRecordCodec implements RecordCodec<TransactionRecord> {
    private static final short KEY_KIND = 0;
    private static final short VALUE_VERSION = 1;
    private static final int KEY_CAPACITY = 64;
    private static final int VALUE_CAPACITY = 128;

    @Override
    public ByteBuffer key(TransactionRecord record) {
        return write(KEY_KIND, new TransactionLogKey().transactionalId(record.transactionalId()), 0, KEY_CAPACITY);
    }

    @Override
    public @Nullable ByteBuffer value(TransactionRecord record) {
        return record instanceof TransactionRecord.Stored stored
                ? write(VALUE_VERSION, value(stored.transaction()), VALUE_VERSION, VALUE_CAPACITY)
                : null;
    }

    private static TransactionLogValue value(TransactionMetadata transaction) {
        return new TransactionLogValue()
                .producerId(transaction.producerId())
                .previousProducerId(transaction.previousProducerId())
                .nextProducerId(transaction.nextProducerId())
                .producerEpoch(transaction.producerEpoch())
                .transactionTimeoutMs(transaction.timeoutMs())
                .transactionStatus(transaction.state().id())
                .transactionPartitions(
                        transaction.state() == TransactionState.EMPTY ? null : partitions(transaction.partitions()))
                .transactionLastUpdateTimestampMs(transaction.lastUpdateTimestampMs())
                .transactionStartTimestampMs(transaction.startTimestampMs())
                .clientTransactionVersion((short) transaction.clientVersion());
    }

    private static List<TransactionLogValue.TransactionPartition> partitions(SortedSet<TopicPartition> partitions) {
        List<TransactionLogValue.TransactionPartition> topics = new ArrayList<>();
        TransactionLogValue.TransactionPartition topic = null;
        for (TopicPartition partition : partitions) {
            if (topic == null || !topic.topic().equals(partition.topic())) {
                topic = new TransactionLogValue.TransactionPartition()
                        .topic(partition.topic())
                        .partitionIds(new ArrayList<>());
                topics.add(topic);
            }
            topic.partitionIds().add(partition.partition());
        }
        return topics;
    }

    private static ByteBuffer write(short prefix, Message message, int version, int capacity) {
        Writer writer = new Writer(capacity);
        writer.writeInt16(prefix);
        message.write(writer, version);
        return writer.buffer();
    }

    @Override
    public @Nullable TransactionRecord decode(ByteBuffer key, @Nullable ByteBuffer value) {
        Reader keys = new Reader(key);
        if (keys.readInt16() != KEY_KIND) {
            return null;
        }
        String transactionalId = TransactionLogKey.read(keys, 0).transactionalId();
        if (value == null) {
            return new TransactionRecord.Removed(transactionalId);
        }
        Reader values = new Reader(value);
        short version = values.readInt16();
        if (version < 0 || version > VALUE_VERSION) {
            throw new ProtocolException("transaction of version " + version);
        }
        return new TransactionRecord.Stored(transaction(transactionalId, TransactionLogValue.read(values, version)));
    }

    private static TransactionMetadata transaction(String transactionalId, TransactionLogValue value) {
        TransactionState state = TransactionState.ofId(value.transactionStatus())
                .orElseThrow(() -> new ProtocolException("transaction in state " + value.transactionStatus()));
        return new TransactionMetadata(
                transactionalId,
                new ProducerIdentity(value.producerId(), value.producerEpoch()),
                value.previousProducerId(),
                value.nextProducerId(),
                (short) TransactionMetadata.NONE,
                value.transactionTimeoutMs(),
                state,
                partitions(value.transactionPartitions()),
                value.transactionStartTimestampMs(),
                value.transactionLastUpdateTimestampMs(),
                value.clientTransactionVersion());
    }

    private static SortedSet<TopicPartition> partitions(
            @Nullable List<TransactionLogValue.TransactionPartition> topics) {
        SortedSet<TopicPartition> partitions = new TreeSet<>();
        if (topics != null) {
            for (TransactionLogValue.TransactionPartition topic : topics) {
                topic.partitionIds().forEach(index -> partitions.add(new TopicPartition(topic.topic(), index)));
            }
        }
        return partitions;
    }
}
