package io.milena.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.wire.Reader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.protocol.types.Schema;

/** Pairs of our generated messages and Kafka's, and how to read and write both. */
final class KafkaMessages {
    private static final List<String> RECORDS = List.of(
            "org.apache.kafka.common.message.ConsumerProtocolSubscription",
            "org.apache.kafka.common.message.ConsumerProtocolAssignment",
            "org.apache.kafka.coordinator.group.generated.OffsetCommitKey",
            "org.apache.kafka.coordinator.group.generated.OffsetCommitValue",
            "org.apache.kafka.coordinator.group.generated.GroupMetadataKey",
            "org.apache.kafka.coordinator.group.generated.GroupMetadataValue",
            "org.apache.kafka.coordinator.group.generated.ConsumerGroupMetadataKey",
            "org.apache.kafka.coordinator.group.generated.ConsumerGroupMetadataValue",
            "org.apache.kafka.coordinator.group.generated.ConsumerGroupPartitionMetadataKey",
            "org.apache.kafka.coordinator.group.generated.ConsumerGroupMemberMetadataKey",
            "org.apache.kafka.coordinator.group.generated.ConsumerGroupTargetAssignmentMetadataKey",
            "org.apache.kafka.coordinator.group.generated.ConsumerGroupTargetAssignmentMetadataValue",
            "org.apache.kafka.coordinator.group.generated.ConsumerGroupTargetAssignmentMemberKey",
            "org.apache.kafka.coordinator.group.generated.ConsumerGroupTargetAssignmentMemberValue",
            "org.apache.kafka.coordinator.group.generated.ConsumerGroupCurrentMemberAssignmentKey",
            "org.apache.kafka.coordinator.group.generated.ConsumerGroupCurrentMemberAssignmentValue",
            "org.apache.kafka.coordinator.group.generated.ConsumerGroupRegularExpressionKey",
            "org.apache.kafka.coordinator.group.generated.ConsumerGroupRegularExpressionValue",
            "org.apache.kafka.coordinator.transaction.generated.TransactionLogKey",
            "org.apache.kafka.coordinator.transaction.generated.TransactionLogValue");

    private KafkaMessages() {}

    /** Reads one of our messages. */
    @FunctionalInterface
    interface MessageReader {
        Message read(Reader reader, int version);
    }

    /** One message type: our class, Kafka's class and Kafka's schema of each version (null where there is none). */
    record Pair(
            Class<? extends Message> ours,
            MessageReader reader,
            Supplier<? extends org.apache.kafka.common.protocol.Message> newKafka,
            Schema[] schemas) {
        List<Integer> versions() {
            List<Integer> versions = new ArrayList<>();
            for (int version = 0; version < schemas.length; version++) {
                if (schemas[version] != null) {
                    versions.add(version);
                }
            }
            return versions;
        }

        int highest() {
            return schemas.length - 1;
        }

        Message readOurs(ByteBuffer buffer, int version) {
            Reader reader = new Reader(buffer);
            Message message = this.reader.read(reader, version);
            assertThat(reader.remaining()).as("%s version %s", this, version).isZero();
            return message;
        }

        org.apache.kafka.common.protocol.Message readKafka(ByteBuffer buffer, int version) {
            org.apache.kafka.common.protocol.Message message = newKafka.get();
            message.read(new ByteBufferAccessor(buffer.duplicate()), (short) version);
            return message;
        }

        @Override
        public String toString() {
            return ours.getSimpleName();
        }
    }

    static List<Pair> all() {
        List<Pair> pairs = new ArrayList<>();
        for (ApiKeys key : ApiKeys.brokerApis()) {
            ApiKey ours = Objects.requireNonNull(ApiKey.forId(key.id));
            pairs.add(new Pair(
                    ours(key.name + "Request"),
                    ours::readRequest,
                    key.messageType::newRequest,
                    key.messageType.requestSchemas()));
            pairs.add(new Pair(
                    ours(key.name + "Response"),
                    ours::readResponse,
                    key.messageType::newResponse,
                    key.messageType.responseSchemas()));
        }
        for (String name : RECORDS) {
            pairs.add(record(name));
        }
        return pairs;
    }

    static ByteBuffer writeKafka(org.apache.kafka.common.protocol.Message message, int version) {
        return MessageUtil.toByteBufferAccessor(message, (short) version).buffer();
    }

    private static Pair record(String kafkaName) {
        try {
            Class<?> kafka = Class.forName(kafkaName);
            Class<? extends Message> ours = ours(kafka.getSimpleName());
            Method read = ours.getMethod("read", Reader.class, int.class);
            return new Pair(
                    ours,
                    (reader, version) -> call(read, reader, version),
                    () -> (org.apache.kafka.common.protocol.Message) newInstance(kafka),
                    (Schema[]) kafka.getField("SCHEMAS").get(null));
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static Message call(Method read, Reader reader, int version) {
        try {
            return (Message) read.invoke(null, reader, version);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(e);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private static Class<? extends Message> ours(String name) {
        try {
            return Class.forName("io.milena.protocol.message." + name).asSubclass(Message.class);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    static Object newInstance(Class<?> type) {
        try {
            return type.getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
