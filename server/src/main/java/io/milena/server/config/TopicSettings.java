package io.milena.server.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The settings that hold for one topic: its own, else the broker's.
 *
 * <p>Immutable and checked as a whole when made: a name that no topic setting has, a value that a setting cannot take and
 * a contradiction throw {@link InvalidSettingException}.
 */
public final class TopicSettings {
    private final BrokerSettings broker;
    private final Map<String, String> own;
    private final Map<String, Object> values = new HashMap<>();

    private TopicSettings(BrokerSettings broker, Map<String, String> own) {
        this.broker = broker;
        this.own = Map.copyOf(own);
        for (Setting setting : SettingTable.topic().all()) {
            Object value = value(setting);
            if (value != null) {
                values.put(setting.name(), value);
            }
        }
        check();
    }

    /** The settings of a topic that has the values {@code own} of its own, on a broker. */
    public static TopicSettings of(BrokerSettings broker, Map<String, String> own) {
        for (String name : own.keySet()) {
            if (SettingTable.topic().find(name) == null) {
                throw new InvalidSettingException("there is no topic setting " + name);
            }
        }
        return new TopicSettings(broker, own);
    }

    /** Whether old segments are deleted. */
    public boolean deletes() {
        return list("cleanup.policy").contains("delete");
    }

    /** Whether records that a later one of their key replaces are removed. */
    public boolean compacts() {
        return list("cleanup.policy").contains("compact");
    }

    /** Time a record is kept, in ms; -1 sets no limit. */
    public long retentionMs() {
        return Math.max(longInteger("retention.ms"), -1);
    }

    /** Bytes a partition may hold; negative sets no limit. */
    public long retentionBytes() {
        return longInteger("retention.bytes");
    }

    /** Largest segment, in bytes. */
    public int segmentBytes() {
        return integer(values.containsKey("internal.segment.bytes") ? "internal.segment.bytes" : "segment.bytes");
    }

    /** Time after which a segment is rolled, in ms. */
    public long segmentMs() {
        return longInteger("segment.ms");
    }

    /** Most time taken off {@link #segmentMs} at random, in ms. */
    public long segmentJitterMs() {
        return longInteger("segment.jitter.ms");
    }

    /** Largest offset index of a segment, in bytes. */
    public int segmentIndexBytes() {
        return integer("segment.index.bytes");
    }

    /** Bytes between two entries of an index. */
    public int indexIntervalBytes() {
        return integer("index.interval.bytes");
    }

    /** Largest record batch, in bytes. */
    public int maxMessageBytes() {
        return integer("max.message.bytes");
    }

    /** Records after which the log is forced to disk. */
    public long flushMessages() {
        return longInteger("flush.messages");
    }

    /** Time after which the log is forced to disk, in ms. */
    public long flushMs() {
        return longInteger("flush.ms");
    }

    /** How long a deleted segment stays on disk, in ms. */
    public long fileDeleteDelayMs() {
        return longInteger("file.delete.delay.ms");
    }

    /** How long delete markers survive compaction, in ms. */
    public long deleteRetentionMs() {
        return longInteger("delete.retention.ms");
    }

    /** Time that every record stays uncompacted, in ms. */
    public long minCompactionLagMs() {
        return longInteger("min.compaction.lag.ms");
    }

    /** Time after which a record must be due for compaction, in ms. */
    public long maxCompactionLagMs() {
        return longInteger("max.compaction.lag.ms");
    }

    /** Share of a log that must be uncompacted before compaction starts, from 0 to 1. */
    public double minCleanableDirtyRatio() {
        return (Double) get("min.cleanable.dirty.ratio");
    }

    /** Replicas in sync that a write with acks=all needs. */
    public int minInSyncReplicas() {
        return integer("min.insync.replicas");
    }

    /** Codec of stored batches, or {@code producer}. */
    public String compressionType() {
        return get("compression.type").toString();
    }

    /** Effort of the codec named by {@link #compressionType}, or 0 if it has none. */
    public int compressionLevel() {
        String name = "compression." + compressionType() + ".level";
        return values.containsKey(name) ? integer(name) : 0;
    }

    /** Whether records get the time of their append. */
    public boolean logAppendTime() {
        return get("message.timestamp.type").equals("LogAppendTime");
    }

    /** How far the time of a record may lie behind the clock, in ms. */
    public long timestampBeforeMaxMs() {
        return longInteger("message.timestamp.before.max.ms");
    }

    /** How far the time of a record may lie ahead of the clock, in ms. */
    public long timestampAfterMaxMs() {
        return longInteger("message.timestamp.after.max.ms");
    }

    /** Whether an out-of-sync replica may become leader. */
    public boolean uncleanLeaderElection() {
        return (Boolean) get("unclean.leader.election.enable");
    }

    /** Every listed setting with its value, source and the values it shadows, as DescribeConfigs shows them. */
    public List<ConfigEntry> entries() {
        List<ConfigEntry> entries = new ArrayList<>();
        for (Setting setting : SettingTable.topic().all()) {
            if (!setting.hidden()) {
                String text = setting.type().format(get(setting.name()));
                entries.add(new ConfigEntry(setting, text, synonyms(setting, text)));
            }
        }
        return entries;
    }

    /** The layer that the value of a setting really comes from; DescribeConfigs may name another, see {@link #entries}. */
    public ConfigSource source(Setting setting) {
        if (own.containsKey(setting.name())) {
            return ConfigSource.TOPIC;
        }
        for (Setting.Synonym synonym : setting.synonyms()) {
            if (broker.has(synonym.name())) {
                return broker.source(synonym.name());
            }
        }
        return ConfigSource.DEFAULT;
    }

    private List<ConfigValue> synonyms(Setting setting, String text) {
        List<ConfigValue> synonyms = new ArrayList<>();
        if (own.containsKey(setting.name())) {
            synonyms.add(new ConfigValue(setting.name(), text, ConfigSource.TOPIC));
        }
        if (!setting.synonyms().isEmpty()) {
            synonyms.addAll(broker.synonyms(setting.synonyms().get(0).name()));
        }
        return List.copyOf(synonyms);
    }

    private @Nullable Object value(Setting setting) {
        String text = own.get(setting.name());
        if (text != null) {
            return setting.parse(text);
        }
        for (Setting.Synonym synonym : setting.synonyms()) {
            if (broker.has(synonym.name())) {
                return synonym.factor() == 1
                        ? broker.value(synonym.name())
                        : (Object) (broker.longInteger(synonym.name()) * synonym.factor());
            }
        }
        return setting.defaultText() == null ? null : setting.parse(setting.defaultText());
    }

    private void check() {
        if (minCompactionLagMs() > maxCompactionLagMs()) {
            throw new InvalidSettingException("min.compaction.lag.ms is " + minCompactionLagMs()
                    + ", above max.compaction.lag.ms of " + maxCompactionLagMs());
        }
        if ((Boolean) get("remote.storage.enable")) {
            throw new InvalidSettingException(
                    "remote.storage.enable cannot be true: this broker has no remote storage");
        }
    }

    private int integer(String name) {
        return ((Number) get(name)).intValue();
    }

    private long longInteger(String name) {
        return ((Number) get(name)).longValue();
    }

    private List<?> list(String name) {
        return (List<?>) get(name);
    }

    private Object get(String name) {
        return Objects.requireNonNull(values.get(name), name);
    }
}
