package io.milena.compat.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** What {@link NumberedProducer}s wrote, as it is found in the partitions afterwards. */
public final class NumberedRecords {

    private NumberedRecords() {}

    /** Asserts that every acknowledged record is where it was acknowledged, and that each partition has each number once and in order. */
    public static void assertKept(String bootstrap, Map<TopicPartition, Map<Long, String>> acknowledged, String where) {
        acknowledged.forEach((partition, records) -> {
            List<String> log = PartitionReader.read(bootstrap, partition, Map.of()).stream()
                    .map(ConsumerRecord::value)
                    .toList();
            records.forEach((offset, value) -> {
                assertThat((long) log.size()).as("%s, %s", partition, where).isGreaterThan(offset);
                assertThat(log.get(offset.intValue()))
                        .as("%s, %s", partition, where)
                        .isEqualTo(value);
            });
            assertThat(log.stream().map(Integer::valueOf).toList())
                    .as("%s, %s", partition, where)
                    .isSorted()
                    .doesNotHaveDuplicates()
                    .hasSize(records.size());
        });
    }
}
