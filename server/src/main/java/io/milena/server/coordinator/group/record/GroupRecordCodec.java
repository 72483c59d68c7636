package io.milena.server.coordinator.group.record;

import io.milena.protocol.Message;
import io.milena.protocol.message.GroupMetadataKey;
import io.milena.protocol.message.GroupMetadataValue;
import io.milena.protocol.message.OffsetCommitKey;
import io.milena.protocol.message.OffsetCommitValue;
import io.milena.protocol.wire.Reader;
import io.milena.protocol.wire.Writer;
import io.milena.server.coordinator.RecordCodec;
import io.milena.server.coordinator.group.record.GroupRecord.ClassicGroupRemoved;
import io.milena.server.coordinator.group.record.GroupRecord.ClassicGroupStored;
import io.milena.server.coordinator.group.record.GroupRecord.OffsetRemoved;
import io.milena.server.coordinator.group.record.GroupRecord.OffsetStored;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's format of {@code __consumer_offsets}. Two bytes come first in every key and value: in a key they say what kind of record
 * it is, in a value its version.
 *
 * <pre>
 *   kind  key                                value, version written            versions read
 *   0, 1  offset commit: group, topic, part.  4; 1 if it has an expiry time     0-4
 *   2     group metadata: group               3                                 0-4
 *   3-8, 16                                  of consumer groups: see ConsumerRecordCodec
 *   others                                   of share and streams groups: passed over
 * </pre>
 */
public final class GroupRecordCodec implements RecordCodec<GroupRecord> {
    private static final short LEGACY_OFFSET_COMMIT = 0;
    private static final short OFFSET_COMMIT = 1;
    private static final short GROUP_METADATA = 2;
    private static final int KEY_VERSION = 0;
    private static final short OFFSET_VERSION = 4;
    private static final short GROUP_VERSION = 3;
    private static final short EXPIRING_OFFSET_VERSION = 1;
    private static final int KEY_CAPACITY = 96;
    private static final int VALUE_CAPACITY = 64;

    @Override
    public ByteBuffer key(GroupRecord record) {
        if (record instanceof OffsetStored stored) {
            return offsetKey(stored.groupId(), stored.topic(), stored.partition());
        }
        if (record instanceof OffsetRemoved removed) {
            return offsetKey(removed.groupId(), removed.topic(), removed.partition());
        }
        if (record instanceof ConsumerGroupRecord consumer) {
            return ConsumerRecordCodec.key(consumer);
        }
        return write(GROUP_METADATA, new GroupMetadataKey().group(record.groupId()), KEY_VERSION, KEY_CAPACITY);
    }

    private static ByteBuffer offsetKey(String groupId, String topic, int partition) {
        OffsetCommitKey key = new OffsetCommitKey().group(groupId).topic(topic).partition(partition);
        return write(OFFSET_COMMIT, key, KEY_VERSION, KEY_CAPACITY);
    }

    @Override
    public @Nullable ByteBuffer value(GroupRecord record) {
        if (record instanceof OffsetStored stored) {
            return offsetValue(stored.offset());
        }
        if (record instanceof ClassicGroupStored stored) {
            return write(GROUP_VERSION, groupValue(stored), GROUP_VERSION, VALUE_CAPACITY);
        }
        return record instanceof ConsumerGroupRecord consumer ? ConsumerRecordCodec.value(consumer) : null;
    }

    private static ByteBuffer offsetValue(CommittedOffset offset) {
        OffsetCommitValue value = new OffsetCommitValue()
                .offset(offset.offset())
                .leaderEpoch(offset.leaderEpoch())
                .metadata(offset.metadata())
                .commitTimestamp(offset.commitTimestampMs())
                .expireTimestamp(offset.expireTimestampMs())
                .topicId(offset.topicId());
        short version = offset.expireTimestampMs() == CommittedOffset.NONE ? OFFSET_VERSION : EXPIRING_OFFSET_VERSION;
        return write(version, value, version, VALUE_CAPACITY);
    }

    private static GroupMetadataValue groupValue(ClassicGroupStored group) {
        List<GroupMetadataValue.Member> members =
                new ArrayList<>(group.members().size());
        for (StoredMember member : group.members()) {
            members.add(new GroupMetadataValue.Member()
                    .memberId(member.memberId())
                    .groupInstanceId(member.groupInstanceId())
                    .clientId(member.clientId())
                    .clientHost(member.clientHost())
                    .rebalanceTimeout(member.rebalanceTimeoutMs())
                    .sessionTimeout(member.sessionTimeoutMs())
                    .subscription(member.subscription().array())
                    .assignment(member.assignment().array()));
        }
        return new GroupMetadataValue()
                .protocolType(group.protocolType())
                .generation(group.generation())
                .protocol(group.protocolName())
                .leader(group.leader())
                .currentStateTimestamp(group.stateTimestampMs())
                .members(members);
    }

    private static ByteBuffer write(short prefix, Message message, int version, int capacity) {
        Writer writer = new Writer(capacity);
        writer.writeInt16(prefix);
        message.write(writer, version);
        return writer.buffer();
    }

    @Override
    public @Nullable GroupRecord decode(ByteBuffer key, @Nullable ByteBuffer value) {
        Reader reader = new Reader(key);
        short kind = reader.readInt16();
        return switch (kind) {
            case LEGACY_OFFSET_COMMIT, OFFSET_COMMIT -> decodeOffset(OffsetCommitKey.read(reader, KEY_VERSION), value);
            case GROUP_METADATA ->
                decodeGroup(GroupMetadataKey.read(reader, KEY_VERSION).group(), value);
            default -> ConsumerRecordCodec.decode(kind, reader, value);
        };
    }

    private static GroupRecord decodeOffset(OffsetCommitKey key, @Nullable ByteBuffer bytes) {
        if (bytes == null) {
            return new OffsetRemoved(key.group(), key.topic(), key.partition());
        }
        Reader reader = new Reader(bytes);
        OffsetCommitValue value = OffsetCommitValue.read(reader, reader.readInt16());
        CommittedOffset offset = new CommittedOffset(
                value.offset(),
                value.leaderEpoch(),
                value.metadata(),
                value.commitTimestamp(),
                value.expireTimestamp(),
                value.topicId());
        return new OffsetStored(key.group(), key.topic(), key.partition(), offset);
    }

    private static GroupRecord decodeGroup(String groupId, @Nullable ByteBuffer bytes) {
        if (bytes == null) {
            return new ClassicGroupRemoved(groupId);
        }
        Reader reader = new Reader(bytes);
        GroupMetadataValue value = GroupMetadataValue.read(reader, reader.readInt16());
        List<StoredMember> members = new ArrayList<>(value.members().size());
        for (GroupMetadataValue.Member member : value.members()) {
            members.add(new StoredMember(
                    member.memberId(),
                    member.groupInstanceId(),
                    member.clientId(),
                    member.clientHost(),
                    member.rebalanceTimeout(),
                    member.sessionTimeout(),
                    OpaqueBytes.of(member.subscription()),
                    OpaqueBytes.of(member.assignment())));
        }
        return new ClassicGroupStored(
                groupId,
                value.protocolType(),
                value.generation(),
                value.protocol(),
                value.leader(),
                value.currentStateTimestamp(),
                members);
    }
}
