package io.milena.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClusterImageTest {
    private static final ClusterImage EMPTY = ClusterImage.empty("cluster", 1);

    @Test
    void shouldFindTopicsByNameAndId() {
        TopicImage topic = topic("a", 2);
        ClusterImage image = EMPTY.change().topic(topic).build();
        assertThat(image.topic("a")).isEqualTo(topic);
        assertThat(image.topic(topic.id())).isEqualTo(topic);
        assertThat(image.topic("b")).isNull();
        assertThat(image.topicCount()).isOne();
    }

    @Test
    void shouldLeaveThePreviousImageAsItWas() {
        TopicImage topic = topic("a", 1);
        ClusterImage before = EMPTY.change().topic(topic).build();
        ClusterImage after = before.change().withoutTopic(topic.id()).build();
        assertThat(before.topic("a")).isEqualTo(topic);
        assertThat(after.topic("a")).isNull();
        assertThat(after.topic(topic.id())).isNull();
        assertThat(after.topicCount()).isZero();
    }

    @Test
    void shouldBumpOnlyTheEpochsOfTheRestartedBroker() {
        PartitionImage first = new PartitionImage(0, 1, 4, List.of(1, 2), List.of(1, 2));
        PartitionImage second = new PartitionImage(1, 2, 4, List.of(2, 1), List.of(2, 1));
        TopicImage topic = new TopicImage("a", UUID.randomUUID(), List.of(first, second), Map.of());
        ClusterImage image = EMPTY.change().topic(topic).reelected(2).build();
        assertThat(image.topics())
                .singleElement()
                .satisfies(changed -> assertThat(changed.partitions())
                        .extracting(PartitionImage::leaderEpoch)
                        .containsExactly(4, 5));
    }

    @Test
    void shouldTellWhatDiffersBetweenTwoImages() {
        TopicImage kept = topic("kept", 1);
        TopicImage gone = topic("gone", 1);
        TopicImage grown = topic("grown", 1);
        ClusterImage before =
                EMPTY.change().topic(kept).topic(gone).topic(grown).build();
        TopicImage larger = grown.withMore(List.of(PartitionImage.created(1, List.of(1))));
        TopicImage added = topic("added", 1);
        ClusterImage after = before.change()
                .withoutTopic(gone.id())
                .topic(larger)
                .topic(added)
                .topic(kept)
                .build();
        assertThat(after.topicsChangedSince(before)).containsExactlyInAnyOrder(larger, added);
        assertThat(before.topicsGoneIn(after)).containsExactly(gone);
        assertThat(after.topicsChangedSince(after)).isEmpty();
        assertThat(after.topicsGoneIn(after)).isEmpty();
    }

    @Test
    void shouldHoldManyTopics() {
        ClusterImage image = EMPTY;
        for (int i = 0; i < 10_000; i++) {
            image = image.change().topic(topic("t" + i, 1)).build();
        }
        assertThat(image.topicCount()).isEqualTo(10_000);
        assertThat(image.topics()).hasSize(10_000);
    }

    @Test
    void shouldAdvertiseTheAddressTheClientUsedWhenNothingElseIsSet() {
        Endpoint endpoint = new Endpoint("PLAINTEXT", "", 0);
        assertThat(endpoint.seenFrom(new InetSocketAddress("127.0.0.1", 9092)))
                .isEqualTo(new Endpoint("PLAINTEXT", "127.0.0.1", 9092));
        Endpoint fixed = new Endpoint("PLAINTEXT", "example.org", 1);
        assertThat(fixed.seenFrom(new InetSocketAddress("127.0.0.1", 9092))).isEqualTo(fixed);
    }

    private static TopicImage topic(String name, int partitions) {
        List<PartitionImage> images = IntStream.range(0, partitions)
                .mapToObj(index -> new PartitionImage(index, 1, 0, List.of(1), List.of(1)))
                .toList();
        return new TopicImage(name, UUID.randomUUID(), images, Map.of());
    }
}
