package io.milena.server.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings of one broker: a value for every setting of the broker table, from the strongest layer that has one.
 *
 * <p>Immutable and checked as a whole when made. A change at runtime makes a new instance ({@link #withDynamic}).
 * Settings that belong together are read through {@link #listeners()}, {@link #connections()}, {@link #groups()},
 * {@link #compaction()} and {@link #transactions()}.
 */
public final class BrokerSettings {
    private static final Logger log = LoggerFactory.getLogger(BrokerSettings.class);

    private static final String ADMIN_LISTENER = "milena.admin.listener";

    private final ConfigLayers layers;
    private final Map<String, Object> values = new HashMap<>();
    private final ListenerSettings listeners;

    private BrokerSettings(ConfigLayers layers) {
        this.layers = layers;
        for (Setting setting : SettingTable.broker().all()) {
            String text = layers.text(setting.name());
            if (text != null) {
                values.put(setting.name(), setting.parse(text));
            }
        }
        listeners = new ListenerSettings(this);
        new BrokerSettingsCheck(this).run();
    }

    /**
     * The settings of a file, where unset ones have their defaults. Unknown names are reported in one log line and left
     * out; a value that a setting cannot take throws {@link InvalidSettingException}.
     */
    public static BrokerSettings of(Map<String, String> file) {
        Map<String, String> known = new HashMap<>();
        TreeSet<String> unknown = new TreeSet<>();
        file.forEach((name, text) -> {
            Setting setting = SettingTable.broker().find(name);
            if (setting == null) {
                unknown.add(name);
            } else {
                known.put(name, setting.canonical(text));
            }
        });
        if (!unknown.isEmpty()) {
            log.warn("settings ignored, names not known: {}", String.join(", ", unknown));
        }
        return new BrokerSettings(new ConfigLayers(Map.of(), Map.of(), withOwnDefaults(withNodeId(known))));
    }

    /** These settings with other dynamic layers: values for this broker, and values for all brokers. */
    public BrokerSettings withDynamic(Map<String, String> forThisBroker, Map<String, String> forAllBrokers) {
        return new BrokerSettings(new ConfigLayers(forThisBroker, forAllBrokers, layers.file()));
    }

    /** Number of this node, unique in the cluster. */
    public int nodeId() {
        return integer("node.id");
    }

    /** Rack or zone of this broker, or null. */
    public @Nullable String rack() {
        return has("broker.rack") ? text("broker.rack") : null;
    }

    /** Roles the file asks for: broker, controller or both. */
    public List<String> processRoles() {
        return list("process.roles");
    }

    /** The class that decides who may do what; empty if everybody may do everything. */
    public String authorizer() {
        return text("authorizer.class.name");
    }

    /** The fixed list of controllers, as id@host:port; empty if there is none. */
    public List<String> quorumVoters() {
        return list("controller.quorum.voters");
    }

    /** Data folders, at least one; {@code log.dirs} goes before {@code log.dir}. */
    public List<String> logDirs() {
        return has("log.dirs") ? list("log.dirs") : list("log.dir");
    }

    /** Folder of the metadata log; the first data folder unless set. */
    public String metadataLogDir() {
        return has("metadata.log.dir") ? text("metadata.log.dir") : logDirs().get(0);
    }

    /** Bytes of metadata records after which a snapshot is written. */
    public long metadataBytesBetweenSnapshots() {
        return longInteger("metadata.log.max.record.bytes.between.snapshots");
    }

    /** Whether asking for a missing topic may create it. */
    public boolean autoCreateTopics() {
        return bool("auto.create.topics.enable");
    }

    /** Whether topics may be deleted. */
    public boolean deleteTopics() {
        return bool("delete.topic.enable");
    }

    /** Partitions of a topic that is created without a count. */
    public int numPartitions() {
        return integer("num.partitions");
    }

    /** Replicas of a topic that is created without a count. */
    public int defaultReplicationFactor() {
        return integer("default.replication.factor");
    }

    /** Most partitions that one DescribeTopicPartitions answer holds. */
    public int maxRequestPartitions() {
        return integer("max.request.partition.size.limit");
    }

    /** Most bytes of metrics that a client may send at once. */
    public int telemetryMaxBytes() {
        return integer("telemetry.max.bytes");
    }

    /** Where metrics and health are served over HTTP; nowhere unless set. */
    public Optional<ListenerAddress> adminListener() {
        String address = text(ADMIN_LISTENER);
        return address.isEmpty()
                ? Optional.empty()
                : Optional.of(ListenerAddress.parseOne(ADMIN_LISTENER, "ADMIN", address));
    }

    /** Time after which a request is reported as slow, beyond the wait that the client asked for, in ms. */
    public long slowRequestMs() {
        return longInteger("milena.slow.request.ms");
    }

    /** Threads for work off the request path. */
    public int backgroundThreads() {
        return integer("background.threads");
    }

    /** Partitions of a data folder that are recovered at the same time. */
    public int recoveryThreadsPerLogDir() {
        return integer("num.recovery.threads.per.data.dir");
    }

    /** How often retention is checked, in ms. */
    public long retentionCheckIntervalMs() {
        return longInteger("log.retention.check.interval.ms");
    }

    /** Least time between two flushes for the sake of {@code flush.ms}, in ms; 0 unless set. */
    public long flushIntervalMs() {
        long intervalMs = longInteger("log.flush.scheduler.interval.ms");
        return intervalMs == Long.MAX_VALUE ? 0 : intervalMs;
    }

    /** How often offsets known to be on disk are noted, in ms. */
    public int flushCheckpointIntervalMs() {
        return integer("log.flush.offset.checkpoint.interval.ms");
    }

    /** Time after which the state of a silent producer is dropped, in ms. */
    public int producerIdExpirationMs() {
        return integer("producer.id.expiration.ms");
    }

    /** Upper bound of the bytes that one fetch may ask for. */
    public int fetchMaxBytes() {
        return integer("fetch.max.bytes");
    }

    /** Most fetch sessions that are kept (KIP-227). */
    public int fetchSessionSlots() {
        return integer("max.incremental.fetch.session.cache.slots");
    }

    /** Where to listen and what to advertise. */
    public ListenerSettings listeners() {
        return listeners;
    }

    /** Sockets, connections and request sizes. */
    public ConnectionSettings connections() {
        return new ConnectionSettings(this);
    }

    /** Groups and committed offsets. */
    public GroupSettings groups() {
        return new GroupSettings(this);
    }

    /** Compaction. */
    public CompactionSettings compaction() {
        return new CompactionSettings(this);
    }

    /** Transactions. */
    public TransactionSettings transactions() {
        return new TransactionSettings(this);
    }

    /** Every listed setting with its value, source and the values it shadows, as DescribeConfigs shows them. */
    public List<ConfigEntry> entries() {
        List<ConfigEntry> entries = new ArrayList<>();
        for (Setting setting : SettingTable.broker().all()) {
            if (!setting.hidden()) {
                Object value = values.get(setting.name());
                String text = value == null ? null : setting.type().format(value);
                entries.add(new ConfigEntry(setting, text, synonyms(setting.name())));
            }
        }
        for (Setting quota : SettingTable.brokerQuotas().all()) {
            String text = layers.setText(quota.name());
            if (text != null) {
                entries.add(new ConfigEntry(quota, text, synonyms(quota.name())));
            }
        }
        return entries;
    }

    /** The values set at runtime for all brokers, as DescribeConfigs shows them for the resource without a name. */
    public List<ConfigEntry> allBrokersEntries() {
        List<ConfigEntry> entries = new ArrayList<>();
        layers.allBrokers().forEach((name, text) -> {
            List<ConfigValue> synonyms = synonyms(name).stream()
                    .filter(value -> value.source() == ConfigSource.DYNAMIC_DEFAULT_BROKER)
                    .toList();
            entries.add(new ConfigEntry(dynamic(name), text, synonyms));
        });
        return entries;
    }

    private static Setting dynamic(String name) {
        return Objects.requireNonNull(SettingTable.findDynamic(name), name);
    }

    /**
     * All values of {@code name} and of the settings it stands with (such as log.retention.ms, .minutes and .hours), the
     * strongest first. Relatives stronger than any value of {@code name} itself are left out, as Kafka does.
     */
    List<ConfigValue> synonyms(String name) {
        List<ConfigValue> values = layers.values(Relatives.of(name));
        int first = 0;
        while (first < values.size() && !values.get(first).name().equals(name)) {
            first++;
        }
        return List.copyOf(values.subList(first, values.size()));
    }

    /** The layer that the value of {@code name} comes from. */
    ConfigSource source(String name) {
        return layers.values(List.of(name)).stream()
                .findFirst()
                .map(ConfigValue::source)
                .orElse(ConfigSource.DEFAULT);
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** Whether a layer above the defaults gives {@code name} a value. */
    boolean isSet(String name) {
        return layers.setText(name) != null;
    }

    boolean bool(String name) {
        return (Boolean) value(name);
    }

    int integer(String name) {
        return ((Number) value(name)).intValue();
    }

    long longInteger(String name) {
        return ((Number) value(name)).longValue();
    }

    double real(String name) {
        return (Double) value(name);
    }

    String text(String name) {
        return (String) value(name);
    }

    List<String> list(String name) {
        return ((List<?>) value(name)).stream().map(String::valueOf).toList();
    }

    Object value(String name) {
        return Objects.requireNonNull(values.get(name), name);
    }

    /** What the reference wants to be told, Milena knows: a broker starts without any file. */
    private static Map<String, String> withOwnDefaults(Map<String, String> known) {
        known.putIfAbsent("node.id", "1");
        known.putIfAbsent("broker.id", known.get("node.id"));
        known.putIfAbsent("process.roles", "broker,controller");
        known.putIfAbsent("controller.listener.names", "CONTROLLER");
        if (!known.containsKey("log.dir")) {
            known.putIfAbsent("log.dirs", "milena-data");
        }
        return known;
    }

    /** node.id and broker.id are two names of one number. */
    private static Map<String, String> withNodeId(Map<String, String> known) {
        String nodeId = known.get("node.id");
        String brokerId = known.get("broker.id");
        if (nodeId != null && brokerId != null && !nodeId.equals(brokerId)) {
            throw new InvalidSettingException(
                    "broker.id is " + brokerId + " but node.id is " + nodeId + ": set one of them, or both alike");
        }
        if (brokerId != null) {
            known.put("node.id", brokerId);
        }
        return known;
    }
}
