package io.milena.server.cluster;

import io.milena.protocol.Message;
import io.milena.server.cluster.record.BrokerConfigsChanged;
import io.milena.server.cluster.record.BrokerRestarted;
import io.milena.server.cluster.record.OwnerConfigsChanged;
import io.milena.server.cluster.record.ProducerIdsReserved;
import io.milena.server.cluster.record.TopicCreated;
import io.milena.server.cluster.record.TopicDeleted;
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
        } else {
            throw new MetadataException("record that changes nothing: " + message);
        }
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
