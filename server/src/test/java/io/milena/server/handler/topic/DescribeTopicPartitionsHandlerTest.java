package io.milena.server.handler.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeTopicPartitionsRequest;
import io.milena.protocol.message.DescribeTopicPartitionsResponse;
import io.milena.server.cluster.ManualCluster;
import io.milena.server.request.TestRequests;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DescribeTopicPartitionsHandlerTest {
    private final ManualCluster cluster = new ManualCluster(Map.of("max.request.partition.size.limit", "4"));

    @BeforeEach
    void createTopics() {
        cluster.create("a", 3);
        cluster.create("b", 1);
        cluster.create("c", 2);
    }

    @Test
    void shouldSortTopicsAndNameMissingOnes() {
        DescribeTopicPartitionsResponse response = call(topics("z", "c", "bad name", "b"));
        assertThat(texts(response)).containsExactly("b 0", "bad name -", "c 0 1", "z -");
        assertThat(response.topics())
                .extracting(DescribeTopicPartitionsResponse.Topic::errorCode)
                .containsExactly(
                        ErrorCode.NONE,
                        ErrorCode.INVALID_TOPIC_EXCEPTION,
                        ErrorCode.NONE,
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(response.nextCursor()).isNull();
    }

    @Test
    void shouldDescribeAllTopicsPageByPage() {
        for (int limit = 1; limit <= 5; limit++) {
            List<String> partitions = new ArrayList<>();
            DescribeTopicPartitionsRequest request = topics().responsePartitionLimit(limit);
            DescribeTopicPartitionsResponse response;
            do {
                response = call(request);
                response.topics()
                        .forEach(topic -> topic.partitions()
                                .forEach(partition -> partitions.add(topic.name() + partition.partitionIndex())));
                DescribeTopicPartitionsResponse.Cursor next = response.nextCursor();
                if (next != null) {
                    request = topics().responsePartitionLimit(limit)
                            .cursor(cursor(next.topicName(), next.partitionIndex()));
                }
            } while (response.nextCursor() != null);
            assertThat(partitions).as("limit " + limit).containsExactly("a0", "a1", "a2", "b0", "c0", "c1");
        }
    }

    @Test
    void shouldNotGiveMoreThanTheBrokersLimit() {
        DescribeTopicPartitionsResponse response = call(topics().responsePartitionLimit(2000));
        assertThat(texts(response)).containsExactly("a 0 1 2", "b 0");
        assertThat(response.nextCursor())
                .isEqualTo(new DescribeTopicPartitionsResponse.Cursor()
                        .topicName("c")
                        .partitionIndex(0));
    }

    @Test
    void shouldGiveAtLeastOnePartition() {
        assertThat(texts(call(topics().responsePartitionLimit(-1)))).containsExactly("a 0");
    }

    @Test
    void shouldBeginAtTheCursor() {
        assertThat(texts(call(topics("a", "b").cursor(cursor("a", 2))))).containsExactly("a 2", "b 0");
        assertThat(texts(call(topics("a", "b").cursor(cursor("a", 9))))).containsExactly("a", "b 0");
    }

    @Test
    void shouldRefuseCursorsThatPointNowhere() {
        for (DescribeTopicPartitionsRequest request : List.of(
                topics("a", "b").cursor(cursor("c", 0)), topics("a", "b").cursor(cursor("b", -1)))) {
            assertThat(call(request).topics())
                    .hasSize(2)
                    .allMatch(topic -> topic.errorCode() == ErrorCode.INVALID_REQUEST);
        }
    }

    /** A topic and its partitions, such as "a 0 1"; "a -" if it has an error. */
    private static List<String> texts(DescribeTopicPartitionsResponse response) {
        return response.topics().stream()
                .map(topic -> topic.name()
                        + (topic.errorCode() == ErrorCode.NONE
                                ? String.join(
                                        "",
                                        topic.partitions().stream()
                                                .map(partition -> " " + partition.partitionIndex())
                                                .toList())
                                : " -"))
                .toList();
    }

    private DescribeTopicPartitionsResponse call(DescribeTopicPartitionsRequest request) {
        return cluster.await(new DescribeTopicPartitionsHandler(cluster.controller(), cluster.settings())
                .handle(request, TestRequests.context(ApiKey.DESCRIBE_TOPIC_PARTITIONS, 0)));
    }

    private static DescribeTopicPartitionsRequest topics(String... names) {
        return new DescribeTopicPartitionsRequest()
                .topics(Arrays.stream(names)
                        .map(name -> new DescribeTopicPartitionsRequest.Topic().name(name))
                        .toList());
    }

    private static DescribeTopicPartitionsRequest.Cursor cursor(String topic, int partition) {
        return new DescribeTopicPartitionsRequest.Cursor().topicName(topic).partitionIndex(partition);
    }
}
