package io.milena.server.coordinator.group.offsets;

import io.milena.protocol.ErrorCode;
import io.milena.server.coordinator.group.record.CommittedOffset;
import io.milena.server.coordinator.group.record.GroupRecord;
import io.milena.server.coordinator.group.record.GroupRecord.OffsetStored;
import java.util.ArrayList;
import java.util.List;

/** The records of one group's commit: all offsets but those with more metadata than is allowed. */
final class CommitRecords {
    private final String groupId;
    private final int maxMetadataLength;
    private final List<GroupRecord> records = new ArrayList<>();

    CommitRecords(String groupId, OffsetSettings settings) {
        this.groupId = groupId;
        this.maxMetadataLength = settings.maxMetadataLength();
    }

    /** Takes an offset in, and gives what to answer for its partition. */
    ErrorCode add(String topic, int partition, CommittedOffset offset) {
        if (offset.metadata().length() > maxMetadataLength) {
            return ErrorCode.OFFSET_METADATA_TOO_LARGE;
        }
        records.add(new OffsetStored(groupId, topic, partition, offset));
        return ErrorCode.NONE;
    }

    List<GroupRecord> records() {
        return records;
    }
}
