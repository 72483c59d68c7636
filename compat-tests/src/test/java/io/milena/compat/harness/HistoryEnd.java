package io.milena.compat.harness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** The last events of a history: what is there when every transaction is decided and a group has done its work. */
public final class HistoryEnd {

    private static final Duration TIMEOUT = Duration.ofSeconds(180);
    private static final Duration POLL = Duration.ofMillis(200);

    private final RunningBroker broker;
    private final int partitions;

    /** The end of a history in topics that have so many partitions each. */
    public HistoryEnd(RunningBroker broker, int partitions) {
        this.broker = broker;
        this.partitions = partitions;
    }

    /** Waits until no transaction is open in a topic. */
    public void awaitDecided(String topic) {
        try (KafkaConsumer<String, String> committed = broker.consumer(Map.of("isolation.level", "read_committed"));
                KafkaConsumer<String, String> all = broker.consumer(Map.of())) {
            Waiting.until(
                    "the end of all transactions in " + topic,
                    TIMEOUT,
                    () -> committed.endOffsets(partitions(topic)).equals(all.endOffsets(partitions(topic))),
                    () -> committed.endOffsets(partitions(topic)) + " of " + all.endOffsets(partitions(topic)));
        }
    }

    /** Waits until a group has committed the newest record of each partition, while {@code meanwhile} keeps it alive. */
    public void awaitCopied(String group, String topic, Runnable meanwhile, Supplier<?> state) {
        List<String> expected = new ArrayList<>();
        List<Long> ends = newest(topic);
        for (int partition = 0; partition < partitions; partition++) {
            expected.add(text(group, new TopicPartition(topic, partition), ends.get(partition)));
        }
        Waiting.until(
                "offsets " + expected,
                TIMEOUT,
                () -> {
                    meanwhile.run();
                    return offsets(group, topic).equals(expected);
                },
                () -> offsets(group, topic) + " " + state.get());
    }

    /** Reads topics from their start to their end, and the offsets of groups in the first of them. */
    public List<String> read(List<String> topics, List<String> groups) {
        List<String> events = new ArrayList<>();
        topics.forEach(topic -> read(topic, events));
        groups.forEach(group -> events.addAll(offsets(group, topics.get(0))));
        return events;
    }

    /** Behind the newest committed record of each partition; -1 when there is none. */
    private List<Long> newest(String topic) {
        List<Long> newest = new ArrayList<>(Collections.nCopies(partitions, -1L));
        for (String event : readEvents(topic)) {
            String[] words = event.split(" ");
            if (words[0].equals("read")) {
                newest.set(Integer.parseInt(words[2]), Long.parseLong(words[3]) + 1);
            }
        }
        return newest;
    }

    private List<String> readEvents(String topic) {
        List<String> events = new ArrayList<>();
        read(topic, events);
        return events;
    }

    private void read(String topic, List<String> events) {
        List<TopicPartition> all = partitions(topic);
        try (KafkaConsumer<String, String> consumer = broker.consumer(Map.of("isolation.level", "read_committed"))) {
            consumer.assign(all);
            consumer.seekToBeginning(all);
            all.forEach(each -> events.add("position " + topic + " " + each.partition() + " 0"));
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            Waiting.until(
                    "the end of " + topic,
                    TIMEOUT,
                    () -> {
                        for (ConsumerRecord<String, String> record : consumer.poll(POLL)) {
                            String where = record.partition() + " " + record.offset();
                            events.add("read " + topic + " " + where + " " + record.value());
                        }
                        return all.stream().allMatch(each -> consumer.position(each) >= ends.get(each));
                    },
                    () -> ends);
            for (TopicPartition each : all) {
                events.add("reached " + topic + " " + each.partition() + " " + consumer.position(each));
                events.add("end " + topic + " " + each.partition() + " " + ends.get(each));
            }
        }
    }

    private List<String> offsets(String group, String topic) {
        try (Admin admin = broker.admin()) {
            Map<TopicPartition, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get();
            return partitions(topic).stream()
                    .map(each -> text(
                            group,
                            each,
                            offsets.get(each) == null ? -1 : offsets.get(each).offset()))
                    .toList();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("the offsets of " + group + " could not be read", e);
        }
    }

    private static String text(String group, TopicPartition partition, long offset) {
        return "group " + group + " " + partition.topic() + " " + partition.partition() + " " + offset;
    }

    private List<TopicPartition> partitions(String topic) {
        return IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }
}
