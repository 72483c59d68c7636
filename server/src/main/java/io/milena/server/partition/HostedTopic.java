package io.milena.server.partition;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The partitions of one topic that this broker holds. Grown by whoever applies images, one at a time; read by any thread. */
final class HostedTopic {
    private final String name;
    private final UUID id;
    private volatile AtomicReferenceArray<@Nullable Partition> partitions = new AtomicReferenceArray<>(0);

    HostedTopic(String name, UUID id) {
        this.name = name;
        this.id = id;
    }

    String name() {
        return name;
    }

    UUID id() {
        return id;
    }

    @Nullable
    Partition partition(int index) {
        AtomicReferenceArray<@Nullable Partition> now = partitions;
        return index >= 0 && index < now.length() ? now.get(index) : null;
    }

    /** All that are here, by ascending index. */
    List<Partition> all() {
        AtomicReferenceArray<@Nullable Partition> now = partitions;
        List<Partition> all = new ArrayList<>();
        for (int i = 0; i < now.length(); i++) {
            Partition partition = now.get(i);
            if (partition != null) {
                all.add(partition);
            }
        }
        return all;
    }

    /** Makes room for partitions with an index below {@code size}; while none is being added. */
    void grow(int size) {
        AtomicReferenceArray<@Nullable Partition> now = partitions;
        if (size > now.length()) {
            AtomicReferenceArray<@Nullable Partition> larger = new AtomicReferenceArray<>(size);
            for (int i = 0; i < now.length(); i++) {
                larger.set(i, now.get(i));
            }
            partitions = larger;
        }
    }

    /** Adds an open partition. Any thread. */
    void add(Partition partition) {
        partitions.set(partition.index(), partition);
    }
}
