package io.milena.server.coordinator.group;

import io.milena.server.cluster.ClusterImage;
import io.milena.server.cluster.TestImages;
import io.milena.server.cluster.TopicImage;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** Topics that come, grow and go. */
final class TestTopics {
    private final Map<String, UUID> ids = new HashMap<>();
    private ClusterImage image = new TestImages().source().image();
    private long lastId = 100;

    ClusterImage image() {
        return image;
    }

    /** Makes a topic, or gives one more partitions. */
    UUID put(String name, int partitions) {
        UUID id = ids.computeIfAbsent(name, topic -> new UUID(lastId, ++lastId));
        TopicImage topic =
                new TestImages().topic(name, id, partitions).source().image().topic(id);
        image = TestImages.with(image, Objects.requireNonNull(topic));
        return id;
    }

    void configure(String groupId, Map<String, String> configs) {
        image = TestImages.withGroup(image, groupId, configs);
    }

    void remove(String name) {
        image = TestImages.without(image, id(name));
        ids.remove(name);
    }

    UUID id(String name) {
        UUID id = ids.get(name);
        if (id == null) {
            throw new IllegalArgumentException("no topic " + name);
        }
        return id;
    }

    boolean exists(String name) {
        return ids.containsKey(name);
    }

    int partitions(String name) {
        TopicImage topic = image.topic(name);
        return topic == null ? 0 : topic.partitions().size();
    }

    String name(UUID id) {
        TopicImage topic = image.topic(id);
        return topic == null ? id.toString() : topic.name();
    }
}
