package io.milena.server.handler.records;

import io.milena.protocol.Uuids;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One topic of a produce request, by name or by id as its version has it, with what is appended to its partitions. Filled while it is read. */
final class ProducedTopic {
    private final String name;
    private final UUID id;
    private @Nullable PartitionAppend first;
    private @Nullable ProducedTopic next;

    private ProducedTopic(String name, UUID id) {
        this.name = name;
        this.id = id;
    }

    static ProducedTopic of(String name) {
        return new ProducedTopic(name, Uuids.ZERO);
    }

    static ProducedTopic of(UUID id) {
        return new ProducedTopic("", id);
    }

    /** How many topics follow each other, this one counted. */
    static int count(@Nullable ProducedTopic first) {
        int count = 0;
        for (ProducedTopic topic = first; topic != null; topic = topic.next) {
            count++;
        }
        return count;
    }

    /** Empty if the request names an id. */
    String name() {
        return name;
    }

    UUID id() {
        return id;
    }

    /** The topic after this one in the request. */
    @Nullable
    ProducedTopic next() {
        return next;
    }

    void next(ProducedTopic topic) {
        next = topic;
    }

    /** The first of its partitions, null if it has none. */
    @Nullable
    PartitionAppend first() {
        return first;
    }

    /** Adds a partition behind the last one, null if it is the first. */
    void add(PartitionAppend append, @Nullable PartitionAppend last) {
        if (last == null) {
            first = append;
        } else {
            last.next(append);
        }
    }

    int partitionCount() {
        int count = 0;
        for (PartitionAppend append = first; append != null; append = append.next()) {
            count++;
        }
        return count;
    }
}
