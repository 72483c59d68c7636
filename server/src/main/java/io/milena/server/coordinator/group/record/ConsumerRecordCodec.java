package io.milena.server.coordinator.group.record;

import io.milena.protocol.Message;
import io.milena.protocol.message.ConsumerGroupCurrentMemberAssignmentKey;
import io.milena.protocol.message.ConsumerGroupMemberMetadataKey;
import io.milena.protocol.message.ConsumerGroupMetadataKey;
import io.milena.protocol.message.ConsumerGroupMetadataValue;
import io.milena.protocol.message.ConsumerGroupPartitionMetadataKey;
import io.milena.protocol.message.ConsumerGroupRegularExpressionKey;
import io.milena.protocol.message.ConsumerGroupRegularExpressionValue;
import io.milena.protocol.message.ConsumerGroupTargetAssignmentMemberKey;
import io.milena.protocol.message.ConsumerGroupTargetAssignmentMemberValue;
import io.milena.protocol.message.ConsumerGroupTargetAssignmentMetadataKey;
import io.milena.protocol.message.ConsumerGroupTargetAssignmentMetadataValue;
import io.milena.protocol.wire.Reader;
import io.milena.protocol.wire.Writer;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.CurrentRemoved;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.CurrentStored;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.EpochRemoved;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.EpochStored;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.MemberRemoved;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.MemberStored;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.OldMetadataRemoved;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.OldMetadataStored;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.RegexRemoved;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.RegexStored;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.TargetEpochRemoved;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.TargetEpochStored;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.TargetRemoved;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.TargetStored;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The format of consumer groups in {@code __consumer_offsets}; versions of keys and values are 0. Without state.
 *
 * <pre>
 *   kind  key               value
 *   3     group             epoch and hash of the topics
 *   4     group             topics; no longer written
 *   5     group, member     what the member said
 *   6     group             epoch of the targets
 *   7     group, member     its target
 *   8     group, member     what it has
 *   16    group, pattern    topics that match
 * </pre>
 */
final class ConsumerRecordCodec {
    private static final short EPOCH = 3;
    private static final short OLD_METADATA = 4;
    private static final short MEMBER = 5;
    private static final short TARGET_EPOCH = 6;
    private static final short TARGET = 7;
    private static final short CURRENT = 8;
    private static final short REGEX = 16;
    private static final short VERSION = 0;
    private static final int KEY_CAPACITY = 96;
    private static final int VALUE_CAPACITY = 128;

    private ConsumerRecordCodec() {}

    static ByteBuffer key(ConsumerGroupRecord record) {
        Writer writer = new Writer(KEY_CAPACITY);
        writer.writeInt16(kind(record));
        keyMessage(record).write(writer, VERSION);
        return writer.buffer();
    }

    private static short kind(ConsumerGroupRecord record) {
        if (record instanceof EpochStored || record instanceof EpochRemoved) {
            return EPOCH;
        }
        if (record instanceof OldMetadataStored || record instanceof OldMetadataRemoved) {
            return OLD_METADATA;
        }
        if (record instanceof MemberStored || record instanceof MemberRemoved) {
            return MEMBER;
        }
        if (record instanceof TargetEpochStored || record instanceof TargetEpochRemoved) {
            return TARGET_EPOCH;
        }
        if (record instanceof TargetStored || record instanceof TargetRemoved) {
            return TARGET;
        }
        return record instanceof CurrentStored || record instanceof CurrentRemoved ? CURRENT : REGEX;
    }

    private static Message keyMessage(ConsumerGroupRecord record) {
        String group = record.groupId();
        if (record instanceof MemberStored stored) {
            return new ConsumerGroupMemberMetadataKey().groupId(group).memberId(stored.memberId());
        }
        if (record instanceof MemberRemoved removed) {
            return new ConsumerGroupMemberMetadataKey().groupId(group).memberId(removed.memberId());
        }
        if (record instanceof TargetStored stored) {
            return new ConsumerGroupTargetAssignmentMemberKey().groupId(group).memberId(stored.memberId());
        }
        if (record instanceof TargetRemoved removed) {
            return new ConsumerGroupTargetAssignmentMemberKey().groupId(group).memberId(removed.memberId());
        }
        if (record instanceof CurrentStored stored) {
            return new ConsumerGroupCurrentMemberAssignmentKey().groupId(group).memberId(stored.memberId());
        }
        if (record instanceof CurrentRemoved removed) {
            return new ConsumerGroupCurrentMemberAssignmentKey().groupId(group).memberId(removed.memberId());
        }
        if (record instanceof RegexStored stored) {
            return new ConsumerGroupRegularExpressionKey().groupId(group).regularExpression(stored.regex());
        }
        if (record instanceof RegexRemoved removed) {
            return new ConsumerGroupRegularExpressionKey().groupId(group).regularExpression(removed.regex());
        }
        return new ConsumerGroupMetadataKey().groupId(group); // of the form all other keys have
    }

    static @Nullable ByteBuffer value(ConsumerGroupRecord record) {
        Message message = valueMessage(record);
        if (message == null) {
            return null;
        }
        Writer writer = new Writer(VALUE_CAPACITY);
        writer.writeInt16(VERSION);
        message.write(writer, VERSION);
        return writer.buffer();
    }

    private static @Nullable Message valueMessage(ConsumerGroupRecord record) {
        if (record instanceof EpochStored stored) {
            return new ConsumerGroupMetadataValue().epoch(stored.epoch()).metadataHash(stored.metadataHash());
        }
        if (record instanceof MemberStored stored) {
            return ConsumerMemberValues.write(stored.metadata());
        }
        if (record instanceof TargetEpochStored stored) {
            return new ConsumerGroupTargetAssignmentMetadataValue()
                    .assignmentEpoch(stored.epoch())
                    .assignmentTimestamp(stored.timestampMs());
        }
        if (record instanceof TargetStored stored) {
            return target(stored.partitions());
        }
        if (record instanceof CurrentStored stored) {
            return ConsumerMemberValues.write(stored.current());
        }
        if (record instanceof RegexStored stored) {
            return new ConsumerGroupRegularExpressionValue()
                    .topics(List.copyOf(stored.topics()))
                    .version(stored.version())
                    .timestamp(stored.timestampMs());
        }
        return null;
    }

    private static ConsumerGroupTargetAssignmentMemberValue target(TopicPartitions partitions) {
        List<ConsumerGroupTargetAssignmentMemberValue.TopicPartition> topics = new ArrayList<>();
        partitions
                .topics()
                .forEach((topic, indexes) -> topics.add(new ConsumerGroupTargetAssignmentMemberValue.TopicPartition()
                        .topicId(topic)
                        .partitions(List.copyOf(indexes))));
        return new ConsumerGroupTargetAssignmentMemberValue().topicPartitions(topics);
    }

    /** The record that key and value stand for; null if it is of no kind that is used here. */
    static @Nullable ConsumerGroupRecord decode(short kind, Reader key, @Nullable ByteBuffer bytes) {
        return switch (kind) {
            case EPOCH, OLD_METADATA, TARGET_EPOCH -> decodeOfGroup(kind, key, bytes);
            case MEMBER, TARGET, CURRENT -> decodeOfMember(kind, key, bytes);
            case REGEX -> decodeRegex(ConsumerGroupRegularExpressionKey.read(key, VERSION), bytes);
            default -> null;
        };
    }

    private static ConsumerGroupRecord decodeOfGroup(short kind, Reader key, @Nullable ByteBuffer bytes) {
        if (kind == OLD_METADATA) {
            String groupId =
                    ConsumerGroupPartitionMetadataKey.read(key, VERSION).groupId();
            return bytes == null ? new OldMetadataRemoved(groupId) : new OldMetadataStored(groupId);
        }
        if (kind == TARGET_EPOCH) {
            String groupId =
                    ConsumerGroupTargetAssignmentMetadataKey.read(key, VERSION).groupId();
            if (bytes == null) {
                return new TargetEpochRemoved(groupId);
            }
            Reader reader = new Reader(bytes);
            ConsumerGroupTargetAssignmentMetadataValue value =
                    ConsumerGroupTargetAssignmentMetadataValue.read(reader, reader.readInt16());
            return new TargetEpochStored(groupId, value.assignmentEpoch(), value.assignmentTimestamp());
        }
        String groupId = ConsumerGroupMetadataKey.read(key, VERSION).groupId();
        if (bytes == null) {
            return new EpochRemoved(groupId);
        }
        Reader reader = new Reader(bytes);
        ConsumerGroupMetadataValue value = ConsumerGroupMetadataValue.read(reader, reader.readInt16());
        return new EpochStored(groupId, value.epoch(), value.metadataHash());
    }

    private static ConsumerGroupRecord decodeOfMember(short kind, Reader reader, @Nullable ByteBuffer bytes) {
        // the keys of these three are alike
        ConsumerGroupMemberMetadataKey key = ConsumerGroupMemberMetadataKey.read(reader, VERSION);
        String groupId = key.groupId();
        String memberId = key.memberId();
        if (bytes == null) {
            return switch (kind) {
                case MEMBER -> new MemberRemoved(groupId, memberId);
                case TARGET -> new TargetRemoved(groupId, memberId);
                default -> new CurrentRemoved(groupId, memberId);
            };
        }
        Reader value = new Reader(bytes);
        short version = value.readInt16();
        return switch (kind) {
            case MEMBER -> new MemberStored(groupId, memberId, ConsumerMemberValues.readMetadata(value, version));
            case TARGET -> new TargetStored(groupId, memberId, readTarget(value, version));
            default -> new CurrentStored(groupId, memberId, ConsumerMemberValues.readCurrent(value, version));
        };
    }

    private static TopicPartitions readTarget(Reader reader, short version) {
        return ConsumerMemberValues.readTarget(
                ConsumerGroupTargetAssignmentMemberValue.read(reader, version).topicPartitions());
    }

    private static ConsumerGroupRecord decodeRegex(ConsumerGroupRegularExpressionKey key, @Nullable ByteBuffer bytes) {
        if (bytes == null) {
            return new RegexRemoved(key.groupId(), key.regularExpression());
        }
        Reader reader = new Reader(bytes);
        ConsumerGroupRegularExpressionValue value =
                ConsumerGroupRegularExpressionValue.read(reader, reader.readInt16());
        return new RegexStored(
                key.groupId(),
                key.regularExpression(),
                ConsumerMemberMetadata.sorted(value.topics()),
                value.version(),
                value.timestamp());
    }
}
