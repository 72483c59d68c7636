package io.milena.server;

import io.milena.server.partition.Partition;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/** The partitions of a broker at one time, added up by topic and over all. Owned by whoever makes it. */
final class TopicNumbers {
    /** Most topics that have numbers of their own: the first by name. */
    static final int MAX_TOPICS = 1_000;

    private final Map<String, Sums> byTopic = new TreeMap<>();
    private final Sums total = new Sums();

    /** What is added up. */
    static final class Sums {
        private int partitions;
        private long sizeInBytes;
        private long segments;
        private long producers;
        private long records;
        private long appendedBytes;
        private long fetchedBytes;

        private void add(Partition partition) {
            partitions++;
            sizeInBytes += partition.log().sizeInBytes();
            segments += partition.log().segmentCount();
            producers += partition.log().producerCount();
            records += partition.traffic().records();
            appendedBytes += partition.traffic().appendedBytes();
            fetchedBytes += partition.traffic().fetchedBytes();
        }

        int partitions() {
            return partitions;
        }

        long sizeInBytes() {
            return sizeInBytes;
        }

        long segments() {
            return segments;
        }

        long producers() {
            return producers;
        }

        long records() {
            return records;
        }

        long appendedBytes() {
            return appendedBytes;
        }

        long fetchedBytes() {
            return fetchedBytes;
        }
    }

    static TopicNumbers of(Collection<Partition> partitions) {
        TopicNumbers numbers = new TopicNumbers();
        for (Partition partition : partitions) {
            numbers.byTopic
                    .computeIfAbsent(partition.topic(), topic -> new Sums())
                    .add(partition);
            numbers.total.add(partition);
        }
        return numbers;
    }

    /** Over all topics. */
    Sums total() {
        return total;
    }

    /** One of the numbers, by topic, of as many topics as are shown. */
    Map<List<String>, Long> rows(ToLongFunction<Sums> number) {
        Map<List<String>, Long> rows = new HashMap<>();
        for (Map.Entry<String, Sums> topic : byTopic.entrySet()) {
            if (rows.size() == MAX_TOPICS) {
                break;
            }
            rows.put(List.of(topic.getKey()), number.applyAsLong(topic.getValue()));
        }
        return rows;
    }

    /** How many topics there are. */
    int count() {
        return byTopic.size();
    }

    /** How many topics are not shown. */
    int leftOut() {
        return Math.max(0, byTopic.size() - MAX_TOPICS);
    }
}
