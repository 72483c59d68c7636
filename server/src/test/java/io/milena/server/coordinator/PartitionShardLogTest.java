package io.milena.server.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.milena.log.batch.BatchBuilder;
import io.milena.log.batch.RecordBatch;
import io.milena.protocol.ErrorCode;
import io.milena.server.partition.Partition;
import io.milena.server.partition.TestPartitions;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionShardLogTest {
    private static final int OTHER_BROKER = 2;

    @TempDir
    Path folder;

    private TestPartitions partitions;
    private Partition partition;
    private ShardLog log;

    @BeforeEach
    void open() {
        partitions = new TestPartitions(folder);
        partition = partitions.create("state", 0);
        log = new PartitionShardLog(partition);
    }

    @AfterEach
    void close() {
        partitions.close();
    }

    private long append(String... words) {
        BatchBuilder batch = new BatchBuilder();
        for (String word : words) {
            batch.append(0, ByteBuffer.wrap(word.getBytes(StandardCharsets.UTF_8)), null);
        }
        return inside(() -> log.append(batch.build().bytes()));
    }

    private <R> R inside(Supplier<R> task) {
        CompletableFuture<R> result = CompletableFuture.supplyAsync(task, partition.strand());
        try {
            return result.join();
        } catch (CompletionException e) {
            throw (RuntimeException) e.getCause();
        }
    }

    private List<Long> replayedOffsets() {
        List<Long> offsets = new ArrayList<>();
        log.replay(batch -> offsets.add(batch.baseOffset()));
        return offsets;
    }

    @Test
    void shouldBeEmptyAtFirst() {
        assertThat(log.isEmpty()).isTrue();
        assertThat(log.replay(batch -> {})).isZero();
    }

    @Test
    void shouldReplayWhatWasAppended() {
        assertThat(append("a", "b")).isEqualTo(2);
        assertThat(append("c")).isEqualTo(3);

        assertThat(log.isEmpty()).isFalse();
        assertThat(replayedOffsets()).containsExactly(0L, 2L);
        assertThat(log.replay(batch -> {})).isEqualTo(3);
        assertThat(partitions.leases()).isZero();
    }

    @Test
    void shouldReplayMoreThanFitsOneRead() {
        String large = "x".repeat(400_000);
        append(large);
        append(large, large);
        append(large);
        List<Integer> counts = new ArrayList<>();
        log.replay(batch -> counts.add(counted(batch)));

        assertThat(counts).containsExactly(1, 2, 1);
    }

    private static int counted(RecordBatch batch) {
        assertThat(batch.checksumMatches()).isTrue();
        return batch.recordCount();
    }

    @Test
    void shouldKnowWhatIsCommitted() {
        partitions.lead(partition, TestPartitions.EPOCH + 1, List.of(TestPartitions.BROKER, OTHER_BROKER));
        long end = append("a");
        List<String> told = new ArrayList<>();
        partition
                .strand()
                .execute(() -> log.whenCommitted(end, () -> told.add("committed"), error -> told.add("lost")));
        assertThat(log.isCommitted(end)).isFalse();
        assertThat(told).isEmpty();
        partition.strand().execute(() -> partition.replicaCopied(OTHER_BROKER, end));

        assertThat(log.isCommitted(end)).isTrue();
        assertThat(told).containsExactly("committed");
    }

    @Test
    void shouldTellThatTheCoordinatorMoved() {
        partitions.lead(partition, TestPartitions.EPOCH + 1, List.of(TestPartitions.BROKER, OTHER_BROKER));
        long end = append("a");
        List<ErrorCode> errors = new ArrayList<>();
        partition.strand().execute(() -> log.whenCommitted(end, () -> {}, errors::add));
        partitions.follow(partition, OTHER_BROKER, TestPartitions.EPOCH + 2);

        assertThat(errors).containsExactly(ErrorCode.NOT_COORDINATOR);
        assertThat(catchThrowableOfType(CoordinatorException.class, () -> append("b"))
                        .error())
                .isEqualTo(ErrorCode.NOT_COORDINATOR);
    }
}
