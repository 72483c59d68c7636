package io.milena.server.cluster;

import io.milena.protocol.Message;
import io.milena.protocol.wire.Reader;
import io.milena.server.cluster.record.BrokerConfigsChanged;
import io.milena.server.cluster.record.BrokerRestarted;
import io.milena.server.cluster.record.ClientQuotasChanged;
import io.milena.server.cluster.record.FeatureLevelChanged;
import io.milena.server.cluster.record.OwnerConfigsChanged;
import io.milena.server.cluster.record.ProducerIdsReserved;
import io.milena.server.cluster.record.SnapshotBegun;
import io.milena.server.cluster.record.SnapshotEnded;
import io.milena.server.cluster.record.TopicCreated;
import io.milena.server.cluster.record.TopicDeleted;
import io.milena.server.cluster.record.UserCredentialChanged;
import io.milena.server.cluster.record.UserCredentialRemoved;

/** The kinds of records in the metadata log. Codes and released versions never change. */
enum MetadataRecordType {
    TOPIC_CREATED(1, 0, TopicCreated.class),
    TOPIC_DELETED(2, 0, TopicDeleted.class),
    BROKER_RESTARTED(3, 0, BrokerRestarted.class),
    PRODUCER_IDS_RESERVED(4, 0, ProducerIdsReserved.class),
    SNAPSHOT_BEGUN(5, 0, SnapshotBegun.class),
    SNAPSHOT_ENDED(6, 0, SnapshotEnded.class),
    BROKER_CONFIGS_CHANGED(7, 0, BrokerConfigsChanged.class),
    OWNER_CONFIGS_CHANGED(8, 0, OwnerConfigsChanged.class),
    FEATURE_LEVEL_CHANGED(9, 0, FeatureLevelChanged.class),
    CLIENT_QUOTAS_CHANGED(10, 0, ClientQuotasChanged.class),
    USER_CREDENTIAL_CHANGED(11, 0, UserCredentialChanged.class),
    USER_CREDENTIAL_REMOVED(12, 0, UserCredentialRemoved.class);

    private final short code;
    private final short version;
    private final Class<? extends Message> messageClass;

    MetadataRecordType(int code, int version, Class<? extends Message> messageClass) {
        this.code = (short) code;
        this.version = (short) version;
        this.messageClass = messageClass;
    }

    short code() {
        return code;
    }

    /** The version that is written. */
    short version() {
        return version;
    }

    Message read(Reader reader, int storedVersion) {
        return switch (this) {
            case TOPIC_CREATED -> TopicCreated.read(reader, storedVersion);
            case TOPIC_DELETED -> TopicDeleted.read(reader, storedVersion);
            case BROKER_RESTARTED -> BrokerRestarted.read(reader, storedVersion);
            case PRODUCER_IDS_RESERVED -> ProducerIdsReserved.read(reader, storedVersion);
            case SNAPSHOT_BEGUN -> SnapshotBegun.read(reader, storedVersion);
            case SNAPSHOT_ENDED -> SnapshotEnded.read(reader, storedVersion);
            case BROKER_CONFIGS_CHANGED -> BrokerConfigsChanged.read(reader, storedVersion);
            case OWNER_CONFIGS_CHANGED -> OwnerConfigsChanged.read(reader, storedVersion);
            case FEATURE_LEVEL_CHANGED -> FeatureLevelChanged.read(reader, storedVersion);
            case CLIENT_QUOTAS_CHANGED -> ClientQuotasChanged.read(reader, storedVersion);
            case USER_CREDENTIAL_CHANGED -> UserCredentialChanged.read(reader, storedVersion);
            case USER_CREDENTIAL_REMOVED -> UserCredentialRemoved.read(reader, storedVersion);
        };
    }

    static MetadataRecordType of(Message message) {
        for (MetadataRecordType type : values()) {
            if (type.messageClass == message.getClass()) {
                return type;
            }
        }
        throw new IllegalArgumentException("not a metadata record: " + message.getClass());
    }

    static MetadataRecordType of(short code) {
        for (MetadataRecordType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        throw new MetadataException("metadata record of unknown type " + code + ": written by a newer release?");
    }
}
