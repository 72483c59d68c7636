package io.milena.compat.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/** What members of a group read, compared with what was sent. */
public final class GroupReads {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);

    private GroupReads() {}

    /** Waits until every acknowledged record was read by some member. */
    public static void awaitAllRead(Map<TopicPartition, Map<Long, String>> sent, List<Member> members) {
        int expected = sent.values().stream().mapToInt(Map::size).sum();
        Waiting.until(
                "all " + expected + " records", TIMEOUT, () -> read(members).size() >= expected, members::toString);
        Map<String, String> read = read(members);
        sent.forEach((partition, records) -> records.forEach(
                (offset, value) -> assertThat(read).containsEntry(partition.partition() + " " + offset, value)));
        assertThat(read).hasSize(expected);
    }

    /** Every record that was read, by partition and offset; those read twice were the same. */
    public static Map<String, String> read(List<Member> members) {
        Map<String, String> read = new HashMap<>();
        for (Member member : members) {
            for (Member.Read record : member.records()) {
                String previous = read.put(record.partition() + " " + record.offset(), record.value());
                assertThat(previous).isIn(null, record.value());
            }
        }
        return read;
    }

    /** Members that are never killed commit what they read before they give a partition up. */
    public static void assertReadOnce(List<Member> members) {
        Map<String, String> readers = new HashMap<>();
        for (Member member : members) {
            for (Member.Read record : member.records()) {
                String place = record.partition() + " " + record.offset();
                assertThat(readers.put(place, member.toString()))
                        .as("another reader of " + place)
                        .isNull();
            }
        }
    }

    /** While a member owns a partition it reads one offset after the other. */
    public static void assertNothingSkipped(List<Member> members) {
        for (Member member : members) {
            Map<String, Long> next = new HashMap<>();
            for (Member.Read record : member.records()) {
                String run = record.partition() + " in period " + record.period();
                assertThat(record.offset()).as("%s %s", member, run).isEqualTo(next.getOrDefault(run, record.offset()));
                next.put(run, record.offset() + 1);
            }
        }
    }

    /** The end of each partition. */
    public static Map<Integer, Long> ends(Map<TopicPartition, Map<Long, String>> sent) {
        Map<Integer, Long> ends = new TreeMap<>();
        sent.forEach((partition, records) -> ends.put(partition.partition(), (long) records.size()));
        return ends;
    }
}
