package io.milena.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.ErrorCode;
import io.milena.server.config.BrokerSettings;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicPlannerTest {
    private final TopicPlanner planner = new TopicPlanner(() -> BrokerSettings.of(Map.of()), TopicIds::next);
    private ClusterImage image = ClusterImage.empty("cluster", 1)
            .change()
            .broker(new BrokerImage(1, null, List.of()))
            .broker(new BrokerImage(2, null, List.of()))
            .broker(new BrokerImage(5, null, List.of()))
            .build();

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a b", "a/b", "caffè", "a:b"})
    void shouldRefuseBadNames(String name) {
        assertThat(plan(NewTopic.withDefaults(name)).error()).isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION);
    }

    @Test
    void shouldLimitTheLengthOfNames() {
        assertThat(plan(NewTopic.withDefaults("x".repeat(249))).error()).isEqualTo(ErrorCode.NONE);
        assertThat(plan(NewTopic.withDefaults("x".repeat(250))).error()).isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION);
    }

    @Test
    void shouldRefuseExistingAndCollidingNames() {
        exist("a.b_c");
        assertThat(plan(NewTopic.withDefaults("a.b_c")).error()).isEqualTo(ErrorCode.TOPIC_ALREADY_EXISTS);
        TopicResult colliding = plan(NewTopic.withDefaults("a_b.c"));
        assertThat(colliding.error()).isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION);
        assertThat(colliding.message()).contains("a.b_c");
        assertThat(plan(NewTopic.withDefaults("a-b-c")).error()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldForgetCollisionsWithDeletedTopics() {
        TopicImage topic = exist("a.b");
        image = image.change().withoutTopic(topic.id()).build();
        assertThat(plan(NewTopic.withDefaults("a_b")).error()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldRefuseImpossibleCounts() {
        assertThat(plan(counted(0, 1)).error()).isEqualTo(ErrorCode.INVALID_PARTITIONS);
        assertThat(plan(counted(-2, 1)).error()).isEqualTo(ErrorCode.INVALID_PARTITIONS);
        assertThat(plan(counted(1, 0)).error()).isEqualTo(ErrorCode.INVALID_REPLICATION_FACTOR);
        assertThat(plan(counted(1, -2)).error()).isEqualTo(ErrorCode.INVALID_REPLICATION_FACTOR);
        assertThat(plan(counted(1, 4)).error()).isEqualTo(ErrorCode.INVALID_REPLICATION_FACTOR);
    }

    @Test
    void shouldSpreadLeadersOverBrokers() {
        TopicImage topic = Objects.requireNonNull(plan(counted(3, 2)).topic());
        assertThat(topic.partitions())
                .extracting(PartitionImage::replicas)
                .containsExactly(List.of(1, 2), List.of(2, 5), List.of(5, 1));
        assertThat(topic.partitions())
                .allMatch(
                        partition -> partition.leader() == partition.replicas().get(0));
    }

    @Test
    void shouldFollowAssignmentsByHand() {
        TopicImage topic = Objects.requireNonNull(
                plan(assigned(assignment(1, 5, 1), assignment(0, 2, 5))).topic());
        assertThat(topic.partitions())
                .containsExactly(
                        new PartitionImage(0, 2, 0, List.of(2, 5), List.of(2, 5)),
                        new PartitionImage(1, 5, 0, List.of(5, 1), List.of(5, 1)));
    }

    @Test
    void shouldRefuseBadAssignments() {
        assertInvalidAssignment(assigned(assignment(0, 1), assignment(2, 1)));
        assertInvalidAssignment(assigned(assignment(0, 1), assignment(0, 2)));
        assertInvalidAssignment(assigned(assignment(0)));
        assertInvalidAssignment(assigned(assignment(0, 1, 1)));
        assertInvalidAssignment(assigned(assignment(0, 1), assignment(1, 1, 2)));
        assertInvalidAssignment(assigned(assignment(0, 77)));
        NewTopic counted = new NewTopic("a", 1, -1, List.of(assignment(0, 1)), Map.of());
        assertThat(plan(counted).error()).isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    @Test
    void shouldRefuseBadConfigs() {
        assertThat(plan(configured("retention.days", "1")).error()).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(plan(configured("retention.ms", "soon")).error()).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(plan(configured("retention.ms", null)).error()).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(plan(configured("retention.ms", "1")).error()).isEqualTo(ErrorCode.NONE);
    }

    private void assertInvalidAssignment(NewTopic wish) {
        assertThat(plan(wish).error()).isEqualTo(ErrorCode.INVALID_REPLICA_ASSIGNMENT);
    }

    private TopicImage exist(String name) {
        TopicImage topic =
                Objects.requireNonNull(plan(NewTopic.withDefaults(name)).topic());
        image = image.change().topic(topic).build();
        return topic;
    }

    private TopicResult plan(NewTopic wish) {
        return planner.plan(image, wish);
    }

    private static NewTopic counted(int partitions, int replicationFactor) {
        return new NewTopic("a", partitions, replicationFactor, List.of(), Map.of());
    }

    private static NewTopic assigned(NewTopic.Assignment... assignments) {
        return new NewTopic("a", -1, -1, List.of(assignments), Map.of());
    }

    private static NewTopic.Assignment assignment(int partition, Integer... brokers) {
        return new NewTopic.Assignment(partition, Arrays.asList(brokers));
    }

    private static NewTopic configured(String name, @Nullable String value) {
        Map<String, @Nullable String> configs = new HashMap<>();
        configs.put(name, value);
        return new NewTopic("a", -1, -1, List.of(), configs);
    }
}
