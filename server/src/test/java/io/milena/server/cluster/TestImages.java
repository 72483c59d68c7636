package io.milena.server.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Images of clusters of one broker, number 1 on {@code broker:9092}, for tests outside this package. */
public final class TestImages {
    private static final int BROKER = 1;

    private ClusterImage image = ClusterImage.empty("cluster", BROKER)
            .change()
            .broker(new BrokerImage(BROKER, null, List.of(new Endpoint("PLAINTEXT", "broker", 9092))))
            .build();

    /** Adds a topic that the broker leads. */
    public TestImages topic(String name, UUID id, int partitions) {
        List<PartitionImage> images = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            images.add(new PartitionImage(i, BROKER, 0, List.of(BROKER), List.of(BROKER)));
        }
        image = image.change().topic(new TopicImage(name, id, images, Map.of())).build();
        return this;
    }

    /** An image with a topic added or replaced. */
    public static ClusterImage with(ClusterImage image, TopicImage topic) {
        return image.change().topic(topic).build();
    }

    /** An image with settings made at runtime for all brokers. */
    public static ClusterImage withDefaults(ClusterImage image, Map<String, String> configs) {
        return image.change().brokerConfigs(ClusterImage.ALL_BROKERS, configs).build();
    }

    /** An image in which a group has settings of its own. */
    public static ClusterImage withGroup(ClusterImage image, String groupId, Map<String, String> configs) {
        return image.change().configs(ConfigOwner.group(groupId), configs).build();
    }

    /** An image without a topic. */
    public static ClusterImage without(ClusterImage image, UUID topicId) {
        return image.change().withoutTopic(topicId).build();
    }

    /** Always gives what was added so far. */
    public ImageSource source() {
        return new ImageSource() {
            @Override
            public ClusterImage image() {
                return image;
            }

            @Override
            public void subscribe(ImageListener listener) {
                throw new UnsupportedOperationException("these images do not change by themselves");
            }
        };
    }
}
