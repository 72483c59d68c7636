package io.milena.server.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milena.log.batch.AppendOrigin;
import io.milena.protocol.ErrorCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionTest {
    @TempDir
    Path folder;

    private TestPartitions partitions;
    private Partition partition;
    private final List<String> told = new ArrayList<>();

    @BeforeEach
    void open() {
        partitions = new TestPartitions(folder);
        partition = partitions.create("orders", 0);
    }

    @AfterEach
    void close() {
        partitions.close();
    }

    @Test
    void shouldCommitAtOnceWhenAlone() {
        partitions.append(partition, "a", "b", "c");

        assertThat(partition.logEndOffset()).isEqualTo(3);
        assertThat(partition.highWatermark()).isEqualTo(3);
        assertThat(partition.lastStableOffset()).isEqualTo(3);
        assertThat(partition.logStartOffset()).isZero();
    }

    @Test
    void shouldTellWatchesHowManyBytesBecameReadable() {
        partition.watch(new RecordingWatch());
        int size = partitions.append(partition, "a");

        assertThat(told).containsExactly("listed", "advanced " + size);
    }

    @Test
    void shouldNotTellAWatchThatWasTakenAway() {
        RecordingWatch watch = new RecordingWatch();
        partition.watch(watch);
        partition.unwatch(watch);
        partitions.append(partition, "a");

        assertThat(told).containsExactly("listed");
    }

    @Test
    void shouldHoldBackUntilAllInSyncReplicasHaveTheRecords() {
        partitions.lead(partition, 4, List.of(1, 2));
        partitions.append(partition, "a", "b");
        partition.strand().execute(() -> partition.awaitCommit(2, new RecordingAcknowledgement()));
        partition.watch(new RecordingWatch());

        assertThat(partition.highWatermark()).isZero();
        partition.strand().execute(() -> partition.replicaCopied(2, 1));
        assertThat(partition.highWatermark()).isEqualTo(1);
        assertThat(told).containsExactly("listed", "advanced " + Long.MAX_VALUE);
        partition.strand().execute(() -> partition.replicaCopied(2, 2));
        assertThat(told)
                .containsExactly("listed", "advanced " + Long.MAX_VALUE, "committed", "advanced " + Long.MAX_VALUE);
    }

    @Test
    void shouldCommitWhatWaitedWhenTheLastFollowerLeavesTheInSyncReplicas() {
        partitions.lead(partition, 4, List.of(1, 2));
        partitions.append(partition, "a");
        partition.strand().execute(() -> partition.awaitCommit(1, new RecordingAcknowledgement()));

        partitions.lead(partition, 4, List.of(1));

        assertThat(told).containsExactly("committed");
    }

    @Test
    void shouldAbandonWhatWaitsWhenItResigns() {
        partitions.lead(partition, 4, List.of(1, 2));
        partitions.append(partition, "a");
        partition.strand().execute(() -> partition.awaitCommit(1, new RecordingAcknowledgement()));

        partitions.follow(partition, 2, 5);

        assertThat(told).containsExactly("abandoned NOT_LEADER_OR_FOLLOWER");
        assertThat(partition.checkLeader(-1)).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        assertThat(partition.leadership()).isEqualTo(new Leadership(2, 5, false));
    }

    @Test
    void shouldRefuseToAppendWhenItDoesNotLead() {
        partitions.follow(partition, 2, 5);
        partition
                .strand()
                .execute(() -> assertThatThrownBy(() -> partition.append(partitions.batch("a"), AppendOrigin.CLIENT))
                        .isInstanceOfSatisfying(
                                PartitionException.class,
                                e -> told.add(e.error().toString())));

        assertThat(told).containsExactly("NOT_LEADER_OR_FOLLOWER");
    }

    @Test
    void shouldCompareLeaderEpochs() {
        assertThat(partition.checkLeader(-1)).isEqualTo(ErrorCode.NONE);
        assertThat(partition.checkLeader(3)).isEqualTo(ErrorCode.NONE);
        assertThat(partition.checkLeader(2)).isEqualTo(ErrorCode.FENCED_LEADER_EPOCH);
        assertThat(partition.checkLeader(4)).isEqualTo(ErrorCode.UNKNOWN_LEADER_EPOCH);
    }

    @Test
    void shouldKnowWhereEpochsEnd() {
        partitions.append(partition, "a", "b");
        partitions.lead(partition, 5, List.of(1));
        partitions.append(partition, "c");

        assertThat(partition.endOfEpoch(3).endOffset()).isEqualTo(2);
        assertThat(partition.endOfEpoch(4).epoch()).isEqualTo(3);
        assertThat(partition.endOfEpoch(5).endOffset()).isEqualTo(3);
        assertThat(partition.endOfEpoch(6).endOffset()).isEqualTo(-1);
        assertThat(partition.epochAt(1)).isEqualTo(3);
        assertThat(partition.epochAt(2)).isEqualTo(5);
    }

    @Test
    void shouldDeleteRecordsUpToTheHighWatermarkOnly() {
        partitions.append(partition, "a", "b", "c");
        partition.watch(new RecordingWatch());
        partition.strand().execute(() -> told.add("start " + partition.deleteBefore(2)));
        partition
                .strand()
                .execute(() -> assertThatThrownBy(() -> partition.deleteBefore(4))
                        .isInstanceOfSatisfying(
                                PartitionException.class,
                                e -> told.add(e.error().toString())));

        assertThat(told).containsExactly("listed", "changed", "start 2", "OFFSET_OUT_OF_RANGE");
        assertThat(partition.logStartOffset()).isEqualTo(2);
    }

    @Test
    void shouldTellWatchesAndRefuseEverythingOnceItIsClosed() {
        partition.watch(new RecordingWatch());
        partitions.delete(partition);

        assertThat(told).containsExactly("listed", "changed");
        assertThat(partition.isClosed()).isTrue();
        assertThat(partition.checkLeader(-1)).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
    }

    @Test
    void shouldCountInSyncReplicasAgainstTheMinimumAndTheReplicasThereAre() {
        Partition strict =
                partitions.create("strict", 0, new PartitionSettings(TestPartitions.SETTINGS.log(), 2, true, false));
        strict.strand().execute(() -> told.add("one replica " + strict.isBelowMinInSyncReplicas()));
        strict.strand().execute(() -> {
            strict.lead(new Leadership(1, 4, true), List.of(1), 3);
            told.add("one of three " + strict.isBelowMinInSyncReplicas());
        });

        assertThat(told).containsExactly("one replica false", "one of three true");
    }

    private final class RecordingWatch extends PartitionWatch {
        @Override
        protected void listed(Partition watched) {
            told.add("listed");
        }

        @Override
        protected void advanced(Partition watched, long bytes) {
            told.add("advanced " + bytes);
        }

        @Override
        protected void changed(Partition watched) {
            told.add("changed");
        }
    }

    private final class RecordingAcknowledgement implements Acknowledgement {
        @Override
        public void committed() {
            told.add("committed");
        }

        @Override
        public void abandoned(ErrorCode error) {
            told.add("abandoned " + error);
        }
    }
}
