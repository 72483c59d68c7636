package io.milena.server.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.log.LogSettings;
import io.milena.log.PartitionLog;
import io.milena.log.batch.AppendOrigin;
import io.milena.protocol.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlushGateTest {
    private static final PartitionSettings EACH_RECORD = flushMessages(1);

    @TempDir
    Path folder;

    private TestPartitions partitions;
    private Partition partition;
    private final List<String> told = new ArrayList<>();

    @BeforeEach
    void open() {
        partitions = new TestPartitions(folder);
        partition = partitions.create("orders", 0, EACH_RECORD);
    }

    @AfterEach
    void close() {
        partitions.close();
        partitions.flushThreads().runAll();
        assertThat(partitions.timers().waiting()).as("timers left").isZero();
    }

    @Test
    void shouldTellNobodyOfARecordBeforeItIsFlushed() {
        partition.watch(new ToldWatch());
        append(1);
        awaitFlush("one", 1);
        awaitCommit("all", 1);

        assertThat(told).isEmpty();
        assertThat(partition.logEndOffset()).isEqualTo(1);
        assertThat(partition.highWatermark()).isZero();
        assertThat(partition.lastStableOffset()).isZero();
        assertThat(partition.log().recoveryPoint()).isZero();

        partitions.flushThreads().runAll();
        assertThat(told).containsExactly("all committed", "readable to 1", "one committed");
        assertThat(partition.highWatermark()).isEqualTo(1);
        assertThat(partition.lastStableOffset()).isEqualTo(1);
        assertThat(partition.log().recoveryPoint()).isEqualTo(1);
    }

    @Test
    void shouldFlushOnceForAllThatCameDuringAFlush() {
        append(1);
        awaitFlush("first", 1);
        duringTheNextFlush(() -> {
            for (int i = 2; i <= 9; i++) {
                partition.append(partitions.batch("value"), AppendOrigin.CLIENT);
                partition.awaitFlush(i, new ToldAcknowledgement("later"));
            }
        });

        assertThat(told).containsExactly("first committed");
        assertThat(partition.highWatermark()).isEqualTo(1);
        assertThat(partitions.flushThreads().waiting()).isEqualTo(1);

        partitions.flushThreads().runNext();
        assertThat(told).hasSize(9);
        assertThat(partition.highWatermark()).isEqualTo(9);
        assertThat(partitions.flushThreads().waiting()).isZero();
    }

    @Test
    void shouldCoverWhatCameBeforeTheFlushBegan() {
        append(1);
        append(2);
        partitions.flushThreads().runNext();

        assertThat(partition.highWatermark()).isEqualTo(3);
        assertThat(partitions.flushThreads().waiting()).isZero();
    }

    @Test
    void shouldNeitherFlushNorWaitUnlessAsked() {
        partition = partitions.create("unflushed", 0);
        append(5);
        awaitFlush("one", 5);
        awaitCommit("all", 5);

        assertThat(told).containsExactly("one committed", "all committed");
        assertThat(partitions.flushThreads().waiting()).isZero();
    }

    @Test
    void shouldFlushAfterAsManyRecordsAsToldTo() {
        partition = partitions.create("thirds", 0, flushMessages(3));
        append(2);
        awaitFlush("two", 2);
        assertThat(told).containsExactly("two committed");
        assertThat(partition.highWatermark()).isEqualTo(2);

        append(2);
        awaitFlush("four", 4);
        awaitFlush("two again", 2);
        assertThat(told).containsExactly("two committed", "two again committed");
        assertThat(partition.highWatermark()).isEqualTo(2);

        partitions.flushThreads().runNext();
        assertThat(told).containsExactly("two committed", "two again committed", "four committed");
        assertThat(partition.log().recoveryPoint()).isEqualTo(4);
        append(1);
        assertThat(partition.highWatermark()).isEqualTo(5);
        assertThat(partitions.flushThreads().waiting()).isZero();
    }

    @Test
    void shouldAnswerAllWhoWaitWithAnErrorWhenTheDiskFails() throws IOException {
        append(1);
        awaitFlush("one", 1);
        awaitCommit("all", 1);
        Files.move(folder.resolve("orders-0"), folder.resolve("elsewhere"));
        partitions.flushThreads().runNext();
        Files.move(folder.resolve("elsewhere"), folder.resolve("orders-0"));

        assertThat(told)
                .containsExactlyInAnyOrder("one abandoned KAFKA_STORAGE_ERROR", "all abandoned KAFKA_STORAGE_ERROR");
        assertThat(partition.checkLeader(-1)).as("what was committed is served").isEqualTo(ErrorCode.NONE);
        assertThat(partitions.disk().failed()).containsExactly("orders-0");
        assertThat(partition.highWatermark()).isZero();
        assertThat(partition.log().recoveryPoint()).isZero();
        assertThat(partition.log().isFailed()).isTrue();
        assertThat(partitions.flushThreads().waiting())
                .as("flushes tried again")
                .isZero();
    }

    @Test
    void shouldAnswerWhoWaitsWhenThePartitionIsClosed() {
        append(1);
        awaitFlush("one", 1);
        awaitCommit("all", 1);
        partitions.delete(partition);
        assertThat(told)
                .containsExactlyInAnyOrder(
                        "one abandoned NOT_LEADER_OR_FOLLOWER", "all abandoned NOT_LEADER_OR_FOLLOWER");

        partitions.flushThreads().runAll();
        assertThat(told).hasSize(2);
        assertThat(partition.checkLeader(-1)).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
    }

    @Test
    void shouldBearThatThePartitionIsDeletedDuringAFlush() {
        append(1);
        awaitFlush("one", 1);
        partition.strand().execute(() -> partition.close(PartitionLog::delete));
        partitions.flushThreads().runAll();

        assertThat(told).containsExactly("one abandoned NOT_LEADER_OR_FOLLOWER");
        assertThat(partition.log().isFailed()).isFalse();
    }

    @Test
    void shouldAbandonWhoWaitsWhenSomebodyElseLeads() {
        append(1);
        awaitFlush("one", 1);
        partitions.follow(partition, 2, 5);
        assertThat(told).containsExactly("one abandoned NOT_LEADER_OR_FOLLOWER");

        partitions.flushThreads().runAll();
        partitions.lead(partition, 6, List.of(1));
        assertThat(partition.highWatermark()).isEqualTo(1);
    }

    @Test
    void shouldFlushAcrossSegments() {
        append(1);
        partition.strand().execute(() -> partition.log().roll());
        append(1);
        duringTheNextFlush(() -> {
            partition.log().roll();
            partition.append(partitions.batch("value"), AppendOrigin.CLIENT);
        });
        assertThat(partition.highWatermark()).isEqualTo(2);

        partitions.flushThreads().runAll();
        assertThat(partition.highWatermark()).isEqualTo(3);
        assertThat(partition.log().recoveryPoint()).isEqualTo(3);
    }

    @Test
    void shouldKeepWhatWasPromisedWhenTheSettingIsTakenBack() {
        append(1);
        awaitFlush("one", 1);
        settings(TestPartitions.SETTINGS);
        append(1);
        assertThat(told).isEmpty();
        assertThat(partition.highWatermark()).isZero();

        partitions.flushThreads().runAll();
        assertThat(told).containsExactly("one committed");
        append(1);
        assertThat(partition.highWatermark()).isEqualTo(3);
        assertThat(partitions.flushThreads().waiting()).isZero();
    }

    @Test
    void shouldFlushOlderRecordsWithTheFirstOneAfterTheSettingWasMade() {
        partition = partitions.create("unflushed", 0);
        append(3);
        settings(EACH_RECORD);
        assertThat(partition.highWatermark()).isEqualTo(3);
        append(1);
        assertThat(partition.highWatermark()).isEqualTo(3);

        partitions.flushThreads().runAll();
        assertThat(partition.highWatermark()).isEqualTo(4);
        assertThat(partition.log().recoveryPoint()).isEqualTo(4);
    }

    @Test
    void shouldHoldBackFromReplicasThatHaveCopiedMore() {
        partitions.lead(partition, 4, List.of(1, 2));
        append(1);
        partition.strand().execute(() -> partition.replicaCopied(2, 1));
        assertThat(partition.highWatermark()).isZero();

        partitions.flushThreads().runAll();
        assertThat(partition.highWatermark()).isEqualTo(1);
    }

    /** What happens in the strand after a flush has begun and before its end is known there. */
    private void duringTheNextFlush(Runnable task) {
        partition.strand().execute(() -> {
            partitions.flushThreads().runNext();
            task.run();
        });
    }

    private void append(int records) {
        for (int i = 0; i < records; i++) {
            partitions.append(partition, "value");
        }
    }

    private void awaitFlush(String name, long offset) {
        partition.strand().execute(() -> partition.awaitFlush(offset, new ToldAcknowledgement(name)));
    }

    private void awaitCommit(String name, long offset) {
        partition.strand().execute(() -> partition.awaitCommit(offset, new ToldAcknowledgement(name)));
    }

    private void settings(PartitionSettings settings) {
        partition.strand().execute(() -> partition.settings(settings));
    }

    private static PartitionSettings flushMessages(long count) {
        return new PartitionSettings(LogSettings.DEFAULTS.withFlushMessages(count), 1, true, false);
    }

    private final class ToldAcknowledgement implements Acknowledgement {
        private final String name;

        ToldAcknowledgement(String name) {
            this.name = name;
        }

        @Override
        public void committed() {
            told.add(name + " committed");
        }

        @Override
        public void abandoned(ErrorCode error) {
            told.add(name + " abandoned " + error);
        }
    }

    private final class ToldWatch extends PartitionWatch {
        @Override
        protected void listed(Partition watched) {}

        @Override
        protected void advanced(Partition watched, long bytes) {
            if (watched.highWatermark() > 0) {
                told.add("readable to " + watched.highWatermark());
            }
        }

        @Override
        protected void changed(Partition watched) {}
    }
}
