package io.milena.server.cluster;

import io.milena.protocol.Message;
import io.milena.server.cluster.record.BrokerConfigsChanged;
import io.milena.server.cluster.record.BrokerRestarted;
import io.milena.server.cluster.record.ClientQuotasChanged;
import io.milena.server.cluster.record.FeatureLevelChanged;
import io.milena.server.cluster.record.OwnerConfigsChanged;
import io.milena.server.cluster.record.ProducerIdsReserved;
import io.milena.server.cluster.record.TopicCreated;
import io.milena.server.cluster.record.TopicDeleted;
import io.milena.server.cluster.record.UserCredentialChanged;
import io.milena.server.cluster.record.UserCredentialRemoved;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What metadata records mean: turns them into images, and images into the records of a snapshot. */
final class ImageReplay {
    private ImageReplay() {}

    /** The image after {@code records}. */
    static ClusterImage apply(ClusterImage image, List<Message> records) {
        ClusterImage.Builder builder = image.change();
        for (Message message : records) {
            apply(builder, message);
        }
        return builder.build();
    }

    /** The fewest records that make up everything durable in {@code image}. */
    static List<Message> snapshot(ClusterImage image) {
        List<Message> records = new ArrayList<>();
        records.add(new ProducerIdsReserved().nextProducerId(image.nextProducerId()));
        new TreeMap<>(image.brokerConfigs()).forEach((broker, configs) -> records.add(record(broker, configs)));
        image.ownerConfigs().entrySet().stream()
                .sorted(Comparator.comparing(owner -> owner.getKey().toString()))
                .forEach(owner -> records.add(record(owner.getKey(), owner.getValue())));
        image.features()
                .levels()
                .forEach((feature, level) -> records.add(new FeatureLevelChanged()
                        .feature(feature)
                        .level(level)
                        .epoch(image.features().epoch())));
        image.quotas().entrySet().stream()
                .sorted(Comparator.comparing(quotas -> quotas.getKey().toString()))
                .forEach(quotas -> records.add(record(quotas.getKey(), quotas.getValue())));
        image.credentials().entrySet().stream()
                .sorted(Comparator.comparing(credential -> credential.getKey().toString()))
                .forEach(credential -> records.add(record(credential.getKey(), credential.getValue())));
        image.topics().stream()
                .sorted(Comparator.comparing(TopicImage::name))
                .forEach(topic -> records.add(record(topic)));
        return records;
    }

    /** The record that brings {@code topic} into being, or makes a known topic look like it. */
    static TopicCreated record(TopicImage topic) {
        List<TopicCreated.Partition> partitions =
                new ArrayList<>(topic.partitions().size());
        for (PartitionImage partition : topic.partitions()) {
            partitions.add(new TopicCreated.Partition()
                    .leader(partition.leader())
                    .leaderEpoch(partition.leaderEpoch())
                    .replicas(partition.replicas())
                    .isr(partition.isr()));
        }
        List<TopicCreated.Config> configs = new ArrayList<>();
        new TreeMap<>(topic.configs())
                .forEach((name, value) ->
                        configs.add(new TopicCreated.Config().name(name).value(value)));
        return new TopicCreated()
                .name(topic.name())
                .topicId(topic.id())
                .partitions(partitions)
                .configs(configs);
    }

    /** The record that gives a broker, or all of them, these settings and no others. */
    static BrokerConfigsChanged record(String broker, Map<String, String> configs) {
        List<BrokerConfigsChanged.Config> changed = new ArrayList<>();
        new TreeMap<>(configs)
                .forEach((name, value) ->
                        changed.add(new BrokerConfigsChanged.Config().name(name).value(value)));
        return new BrokerConfigsChanged().broker(broker).configs(changed);
    }

    /** The record that gives a group or a subscription to metrics these settings and no others. */
    static OwnerConfigsChanged record(ConfigOwner owner, Map<String, String> configs) {
        List<OwnerConfigsChanged.Config> changed = new ArrayList<>();
        new TreeMap<>(configs)
                .forEach((name, value) ->
                        changed.add(new OwnerConfigsChanged.Config().name(name).value(value)));
        return new OwnerConfigsChanged()
                .kind(owner.kind().code())
                .owner(owner.name())
                .configs(changed);
    }

    /** The record that gives somebody these quotas and no others. */
    static ClientQuotasChanged record(QuotaEntity entity, Map<String, Double> quotas) {
        List<ClientQuotasChanged.Quota> changed = new ArrayList<>();
        new TreeMap<>(quotas)
                .forEach((name, value) ->
                        changed.add(new ClientQuotasChanged.Quota().name(name).value(value)));
        return new ClientQuotasChanged()
                .entity(entity.parts().stream()
                        .map(part ->
                                new ClientQuotasChanged.Part().type(part.type()).name(part.name()))
                        .toList())
                .quotas(changed);
    }

    private static UserCredentialChanged record(ScramCredential.Owner owner, ScramCredential credential) {
        return new UserCredentialChanged()
                .user(owner.user())
                .mechanism(owner.mechanism().code())
                .iterations(credential.iterations())
                .salt(bytes(credential.salt()))
                .storedKey(bytes(credential.storedKey()))
                .serverKey(bytes(credential.serverKey()));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static void apply(ClusterImage.Builder builder, Message message) {
        if (message instanceof TopicCreated created) {
            builder.topic(topic(created));
        } else if (message instanceof TopicDeleted deleted) {
            builder.withoutTopic(deleted.topicId());
        } else if (message instanceof BrokerRestarted restarted) {
            builder.reelected(restarted.brokerId());
        } else if (message instanceof BrokerConfigsChanged changed) {
            builder.brokerConfigs(
                    changed.broker(),
                    changed.configs().stream()
                            .collect(Collectors.toMap(
                                    BrokerConfigsChanged.Config::name, BrokerConfigsChanged.Config::value)));
        } else if (message instanceof OwnerConfigsChanged changed) {
            builder.configs(
                    new ConfigOwner(ConfigOwner.Kind.of(changed.kind()), changed.owner()),
                    changed.configs().stream()
                            .collect(Collectors.toMap(
                                    OwnerConfigsChanged.Config::name, OwnerConfigsChanged.Config::value)));
        } else if (message instanceof ProducerIdsReserved reserved) {
            builder.nextProducerId(reserved.nextProducerId());
        } else if (message instanceof FeatureLevelChanged changed) {
            builder.feature(changed.feature(), changed.level(), changed.epoch());
        } else if (message instanceof ClientQuotasChanged changed) {
            builder.quotas(
                    new QuotaEntity(changed.entity().stream()
                            .map(part -> new QuotaEntity.Part(part.type(), part.name()))
                            .toList()),
                    changed.quotas().stream()
                            .collect(Collectors.toMap(
                                    ClientQuotasChanged.Quota::name, ClientQuotasChanged.Quota::value)));
        } else if (message instanceof UserCredentialChanged changed) {
            builder.credential(owner(changed.user(), changed.mechanism()), credential(changed));
        } else if (message instanceof UserCredentialRemoved removed) {
            builder.withoutCredential(owner(removed.user(), removed.mechanism()));
        } else {
            throw new MetadataException("record that changes nothing: " + message);
        }
    }

    private static ScramCredential.Owner owner(String user, byte mechanism) {
        return new ScramCredential.Owner(
                user,
                ScramMechanism.of(mechanism)
                        .orElseThrow(() -> new MetadataException("credential for the unknown mechanism " + mechanism)));
    }

    private static ScramCredential credential(UserCredentialChanged changed) {
        return new ScramCredential(
                changed.iterations(),
                ByteBuffer.wrap(changed.salt()).asReadOnlyBuffer(),
                ByteBuffer.wrap(changed.storedKey()).asReadOnlyBuffer(),
                ByteBuffer.wrap(changed.serverKey()).asReadOnlyBuffer());
    }

    private static TopicImage topic(TopicCreated created) {
        List<PartitionImage> partitions = new ArrayList<>(created.partitions().size());
        for (TopicCreated.Partition partition : created.partitions()) {
            partitions.add(new PartitionImage(
                    partitions.size(),
                    partition.leader(),
                    partition.leaderEpoch(),
                    partition.replicas(),
                    partition.isr()));
        }
        Map<String, String> configs = new HashMap<>();
        for (TopicCreated.Config config : created.configs()) {
            configs.put(config.name(), config.value());
        }
        return new TopicImage(created.name(), created.topicId(), partitions, configs);
    }
}
