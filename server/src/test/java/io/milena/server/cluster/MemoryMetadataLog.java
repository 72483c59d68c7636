package io.milena.server.cluster;

import io.milena.protocol.Message;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A metadata log that survives only within a test; records go through their bytes. */
final class MemoryMetadataLog implements MetadataLog {
    private final List<List<ByteBuffer>> groups = new ArrayList<>();
    private List<Subscriber> subscribers = new ArrayList<>();
    private List<ByteBuffer> snapshot = List.of();
    private long bytes;
    private boolean broken;

    /** From now on the log refuses everything, or no longer. */
    void broken(boolean value) {
        broken = value;
    }

    /** How often something was appended. */
    int appends() {
        return groups.size();
    }

    List<Message> snapshot() {
        return decode(snapshot);
    }

    /** The same log, opened again by somebody else. */
    MemoryMetadataLog reopened() {
        subscribers = new ArrayList<>();
        return this;
    }

    @Override
    public void subscribe(Subscriber subscriber) {
        subscribers.add(subscriber);
        if (!snapshot.isEmpty()) {
            subscriber.replaced(decode(snapshot));
        }
        groups.forEach(group -> subscriber.committed(decode(group)));
    }

    @Override
    public CompletionStage<Long> append(List<Message> records) {
        if (broken) {
            return CompletableFuture.failedStage(new MetadataException("disk is full"));
        }
        List<ByteBuffer> group = records.stream().map(MetadataRecords::encode).toList();
        groups.add(group);
        bytes += group.stream().mapToInt(ByteBuffer::remaining).sum();
        subscribers.forEach(subscriber -> subscriber.committed(decode(group)));
        return CompletableFuture.completedStage((long) groups.size());
    }

    @Override
    public long endOffset() {
        return groups.size();
    }

    @Override
    public int leaderEpoch() {
        return 0;
    }

    @Override
    public long bytesSinceReplacement() {
        return bytes;
    }

    @Override
    public CompletionStage<Void> replace(List<Message> records) {
        snapshot = records.stream().map(MetadataRecords::encode).toList();
        groups.clear();
        bytes = 0;
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void close() {}

    private static List<Message> decode(List<ByteBuffer> group) {
        return group.stream()
                .map(ByteBuffer::duplicate)
                .map(MetadataRecords::decode)
                .toList();
    }
}
