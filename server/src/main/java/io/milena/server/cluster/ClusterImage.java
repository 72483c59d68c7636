package io.milena.server.cluster;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The whole cluster at one moment: brokers and topics. Immutable; a changed copy shares what did not change. */
public final class ClusterImage {
    /** Stands for the settings of all brokers where a broker's name is asked for. */
    public static final String ALL_BROKERS = "";

    private final String clusterId;
    private final int controllerId;
    private final TreeMap<Integer, BrokerImage> brokers;
    private final BucketMap<String, TopicImage> topicsByName;
    private final BucketMap<UUID, TopicImage> topicsById;
    private final BucketMap<String, String> unifiedNames;
    private final long nextProducerId;
    private final Map<String, Map<String, String>> brokerConfigs;
    private final Map<ConfigOwner, Map<String, String>> ownerConfigs;
    private final FinalizedFeatures features;
    private final Map<QuotaEntity, Map<String, Double>> quotas;
    private final Map<ScramCredential.Owner, ScramCredential> credentials;

    private ClusterImage(Builder builder) {
        clusterId = builder.clusterId;
        controllerId = builder.controllerId;
        brokers = builder.brokers;
        topicsByName = builder.topicsByName;
        topicsById = builder.topicsById;
        unifiedNames = builder.unifiedNames;
        nextProducerId = builder.nextProducerId;
        brokerConfigs = Map.copyOf(builder.brokerConfigs);
        ownerConfigs = Map.copyOf(builder.ownerConfigs);
        features = builder.features;
        quotas = builder.quotas;
        credentials = builder.credentials;
    }

    /** A cluster of that id in which there is nothing yet. */
    public static ClusterImage empty(String clusterId, int controllerId) {
        return new Builder(clusterId, controllerId).build();
    }

    /** A cluster of one broker in which there is nothing yet. */
    public static ClusterImage of(String clusterId, BrokerImage broker) {
        return new Builder(clusterId, broker.id()).broker(broker).build();
    }

    /** The id of the cluster, made when it was first started. */
    public String clusterId() {
        return clusterId;
    }

    /** A live broker that clients may take for the controller. */
    public int controllerId() {
        return controllerId;
    }

    /** All live brokers, by ascending id. */
    public Collection<BrokerImage> brokers() {
        return List.copyOf(brokers.values());
    }

    /** The live broker with that id, or null. */
    public @Nullable BrokerImage broker(int id) {
        return brokers.get(id);
    }

    /** All topics, in no order. */
    public Collection<TopicImage> topics() {
        return topicsByName.values();
    }

    /** The topics that are new here, or different from what they were in an earlier image. Costs as much as differs. */
    public Collection<TopicImage> topicsChangedSince(ClusterImage earlier) {
        return topicsById.changedSince(earlier.topicsById);
    }

    /** The topics of this image that are no more in a later one. Costs as much as differs. */
    public Collection<TopicImage> topicsGoneIn(ClusterImage later) {
        Collection<TopicImage> gone = topicsById.changedSince(later.topicsById);
        gone.removeIf(topic -> later.topic(topic.id()) != null);
        return gone;
    }

    /** How many topics there are. */
    public int topicCount() {
        return topicsByName.size();
    }

    /** The topic of that name, or null. */
    public @Nullable TopicImage topic(String name) {
        return topicsByName.get(name);
    }

    /** The topic with that id, or null. */
    public @Nullable TopicImage topic(UUID id) {
        return topicsById.get(id);
    }

    /** The topic whose name differs from {@code name} in '.' and '_' alone, or null. */
    @Nullable
    String collidingTopic(String name) {
        String other = unifiedNames.get(TopicName.unified(name));
        return name.equals(other) ? null : other;
    }

    /** The first producer id that no block contains yet. */
    public long nextProducerId() {
        return nextProducerId;
    }

    /** The settings made at runtime, by the name of the broker they are for; {@link #ALL_BROKERS} for all. */
    public Map<String, Map<String, String>> brokerConfigs() {
        return brokerConfigs;
    }

    /** The settings made at runtime for that broker, or for {@link #ALL_BROKERS}. */
    public Map<String, String> brokerConfigs(String broker) {
        return brokerConfigs.getOrDefault(broker, Map.of());
    }

    /** All that have settings besides topics and brokers, with these. */
    public Map<ConfigOwner, Map<String, String>> ownerConfigs() {
        return ownerConfigs;
    }

    /** The settings of a group or a subscription to metrics; none if it was given none. */
    public Map<String, String> configs(ConfigOwner owner) {
        return ownerConfigs.getOrDefault(owner, Map.of());
    }

    /** The levels of features in force. */
    public FinalizedFeatures features() {
        return features;
    }

    /** All that have quotas, with these by their names. The same object as long as nothing changes. */
    public Map<QuotaEntity, Map<String, Double>> quotas() {
        return quotas;
    }

    /** The quotas of exactly these; none if they were given none. */
    public Map<String, Double> quotas(QuotaEntity entity) {
        return quotas.getOrDefault(entity, Map.of());
    }

    /** What it takes to check the passwords of users. */
    public Map<ScramCredential.Owner, ScramCredential> credentials() {
        return credentials;
    }

    /** This image without everything that comes from the metadata log. */
    ClusterImage withoutRecords() {
        Builder builder = new Builder(clusterId, controllerId);
        brokers.values().forEach(builder::broker);
        return builder.build();
    }

    /** A builder that starts from this image. */
    Builder change() {
        return new Builder(this);
    }

    /** Collects changes; used by one thread. */
    static final class Builder {
        private final String clusterId;
        private final int controllerId;
        private final TreeMap<Integer, BrokerImage> brokers;
        private BucketMap<String, TopicImage> topicsByName;
        private BucketMap<UUID, TopicImage> topicsById;
        private BucketMap<String, String> unifiedNames;
        private long nextProducerId;
        private final Map<String, Map<String, String>> brokerConfigs = new HashMap<>();
        private final Map<ConfigOwner, Map<String, String>> ownerConfigs = new HashMap<>();
        private FinalizedFeatures features = FinalizedFeatures.INITIAL;
        private Map<QuotaEntity, Map<String, Double>> quotas = Map.of();
        private Map<ScramCredential.Owner, ScramCredential> credentials = Map.of();

        private Builder(String clusterId, int controllerId) {
            this.clusterId = clusterId;
            this.controllerId = controllerId;
            brokers = new TreeMap<>();
            topicsByName = BucketMap.empty();
            topicsById = BucketMap.empty();
            unifiedNames = BucketMap.empty();
        }

        private Builder(ClusterImage image) {
            clusterId = image.clusterId;
            controllerId = image.controllerId;
            brokers = new TreeMap<>(image.brokers);
            topicsByName = image.topicsByName;
            topicsById = image.topicsById;
            unifiedNames = image.unifiedNames;
            nextProducerId = image.nextProducerId;
            brokerConfigs.putAll(image.brokerConfigs);
            ownerConfigs.putAll(image.ownerConfigs);
            features = image.features;
            quotas = image.quotas;
            credentials = image.credentials;
        }

        Builder broker(BrokerImage broker) {
            brokers.put(broker.id(), broker);
            return this;
        }

        Builder topic(TopicImage topic) {
            topicsByName = topicsByName.with(topic.name(), topic);
            topicsById = topicsById.with(topic.id(), topic);
            if (hasCollidingCharacters(topic.name())) {
                unifiedNames = unifiedNames.with(TopicName.unified(topic.name()), topic.name());
            }
            return this;
        }

        Builder withoutTopic(UUID id) {
            TopicImage topic = topicsById.get(id);
            if (topic != null) {
                topicsByName = topicsByName.without(topic.name());
                topicsById = topicsById.without(id);
                unifiedNames = unifiedNames.without(TopicName.unified(topic.name()));
            }
            return this;
        }

        Builder reelected(int broker) {
            for (TopicImage topic : topicsByName.values()) {
                topic(topic.reelected(broker));
            }
            return this;
        }

        Builder nextProducerId(long id) {
            nextProducerId = id;
            return this;
        }

        Builder brokerConfigs(String broker, Map<String, String> configs) {
            if (configs.isEmpty()) {
                brokerConfigs.remove(broker);
            } else {
                brokerConfigs.put(broker, Map.copyOf(configs));
            }
            return this;
        }

        Builder configs(ConfigOwner owner, Map<String, String> configs) {
            if (configs.isEmpty()) {
                ownerConfigs.remove(owner);
            } else {
                ownerConfigs.put(owner, Map.copyOf(configs));
            }
            return this;
        }

        Builder feature(String feature, short level, long epoch) {
            features = features.with(feature, level, epoch);
            return this;
        }

        Builder quotas(QuotaEntity entity, Map<String, Double> changed) {
            Map<QuotaEntity, Map<String, Double>> all = new HashMap<>(quotas);
            if (changed.isEmpty()) {
                all.remove(entity);
            } else {
                all.put(entity, Map.copyOf(changed));
            }
            quotas = Map.copyOf(all);
            return this;
        }

        Builder credential(ScramCredential.Owner owner, ScramCredential credential) {
            Map<ScramCredential.Owner, ScramCredential> all = new HashMap<>(credentials);
            all.put(owner, credential);
            credentials = Map.copyOf(all);
            return this;
        }

        Builder withoutCredential(ScramCredential.Owner owner) {
            Map<ScramCredential.Owner, ScramCredential> all = new HashMap<>(credentials);
            all.remove(owner);
            credentials = Map.copyOf(all);
            return this;
        }

        private static boolean hasCollidingCharacters(String name) {
            return name.indexOf('.') >= 0 || name.indexOf('_') >= 0;
        }

        ClusterImage build() {
            return new ClusterImage(this);
        }
    }
}
