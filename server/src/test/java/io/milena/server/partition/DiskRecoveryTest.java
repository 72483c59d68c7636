package io.milena.server.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.log.LogException;
import io.milena.log.LogSettings;
import io.milena.log.LogSlice;
import io.milena.log.ReadSize;
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

/** What a partition does when its disk fails. Here it fails because its folder is not where it was. */
class DiskRecoveryTest {
    private static final PartitionSettings SETTINGS =
            new PartitionSettings(LogSettings.DEFAULTS.withSegmentBytes(200), 1, true, false);

    @TempDir
    Path folder;

    private final List<String> told = new ArrayList<>();
    private TestPartitions partitions;
    private Partition partition;

    @BeforeEach
    void open() {
        partitions = new TestPartitions(folder);
        partition = partitions.create("orders", 0, SETTINGS);
        assertThat(append(2)).containsOnly("NONE");
    }

    @AfterEach
    void close() {
        partitions.close();
        partitions.flushThreads().runAll();
        assertThat(partitions.timers().waiting()).isZero();
    }

    @Test
    void shouldServeReadsWhileTheDiskIsFull() throws IOException {
        fill();

        assertThat(append(2)).containsOnly("KAFKA_STORAGE_ERROR");
        assertThat(partition.checkLeader(-1)).isEqualTo(ErrorCode.NONE);
        assertThat(partition.leadership().isLocal()).isTrue();
        assertThat(readable()).isEqualTo(partition.logEndOffset());
        assertThat(partitions.disk().failed()).isEmpty();
    }

    @Test
    void shouldTakeRecordsAgainWhenThereIsRoom() throws IOException {
        fill();
        long end = partition.logEndOffset();
        advance(10 * DiskRecovery.MAX_DELAY_MS);
        assertThat(append(1)).containsOnly("KAFKA_STORAGE_ERROR");

        empty();
        advance(DiskRecovery.MAX_DELAY_MS);

        assertThat(append(5)).containsOnly("NONE");
        assertThat(partition.logEndOffset()).isEqualTo(end + 5);
        assertThat(partition.highWatermark()).isEqualTo(end + 5);
        assertThat(readable()).isEqualTo(end + 5);
        assertThat(partitions.timers().waiting()).isZero();
    }

    @Test
    void shouldWaitWhileTheDiskHasRoomButStillFails() throws IOException {
        fill();
        partitions.disk().free();
        advance(2 * DiskRecovery.MAX_DELAY_MS);
        assertThat(append(1)).containsOnly("KAFKA_STORAGE_ERROR");
        partitions.disk().fill();
        empty();
        advance(DiskRecovery.MAX_DELAY_MS);
        assertThat(append(1)).containsOnly("NONE");
    }

    @Test
    void shouldTryMoreSeldomWhenItDidNotLast() throws IOException {
        fill();
        empty();
        advance(DiskRecovery.MAX_DELAY_MS);
        fill();
        empty();
        advance(DiskRecovery.FIRST_DELAY_MS);
        assertThat(append(1)).containsOnly("KAFKA_STORAGE_ERROR");
        advance(DiskRecovery.FIRST_DELAY_MS);
        assertThat(append(1)).containsOnly("NONE");

        advance(DiskRecovery.LASTING_MS);
        fill();
        empty();
        advance(DiskRecovery.FIRST_DELAY_MS);
        assertThat(append(1)).containsOnly("NONE");
    }

    @Test
    void shouldDeleteRecordsWhileTheDiskIsFull() throws IOException {
        assertThat(append(4)).containsOnly("NONE");
        fill();
        Files.move(folder.resolve("away"), folder.resolve("orders-0"));
        long end = partition.highWatermark();
        partition.strand().execute(() -> partition.deleteBefore(end));
        long before = partition.log().sizeInBytes();
        partition.strand().execute(partition::applyRetention);

        assertThat(partition.logStartOffset()).isEqualTo(end);
        assertThat(partition.log().sizeInBytes()).isLessThan(before);
        assertThat(append(1)).containsOnly("KAFKA_STORAGE_ERROR");
    }

    @Test
    void shouldRefuseWhatIsLeftToDoWhenTheDiskIsBroken() throws IOException {
        Files.move(folder.resolve("orders-0"), folder.resolve("away"));
        assertThat(append(3)).contains("KAFKA_STORAGE_ERROR");
        Files.move(folder.resolve("away"), folder.resolve("orders-0"));
        advance(10 * DiskRecovery.MAX_DELAY_MS);

        assertThat(append(1)).containsOnly("KAFKA_STORAGE_ERROR");
        assertThat(partitions.disk().failed()).containsExactly("orders-0");
        assertThat(partition.checkLeader(-1)).isEqualTo(ErrorCode.NONE);
        assertThat(readable()).isEqualTo(partition.logEndOffset());
        partition.strand().execute(() -> {
            try {
                partition.deleteBefore(1);
            } catch (PartitionException e) {
                told.add("delete " + e.error());
            }
        });
        assertThat(told).containsExactly("delete KAFKA_STORAGE_ERROR");
    }

    @Test
    void shouldServeNothingWhenItsFolderFailed() {
        partitions.lead(partition, 4, List.of(TestPartitions.BROKER, 2));
        partition.strand().execute(() -> {
            partition.append(partitions.batch("x"), AppendOrigin.CLIENT);
            partition.awaitCommit(partition.logEndOffset(), new Acknowledgement() {
                @Override
                public void committed() {
                    told.add("committed");
                }

                @Override
                public void abandoned(ErrorCode error) {
                    told.add("abandoned " + error);
                }
            });
            partition.goOffline();
            partition.goOffline();
        });

        assertThat(told).containsExactly("abandoned KAFKA_STORAGE_ERROR");
        assertThat(partition.isOffline()).isTrue();
        assertThat(partition.checkLeader(-1)).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(partition.leadership().isLocal()).isFalse();
        assertThat(append(1)).containsOnly("KAFKA_STORAGE_ERROR");
        assertThat(partitions.leases()).isZero();
    }

    @Test
    void shouldNotTryAnyMoreOnceItsFolderFailed() throws IOException {
        fill();
        partition.strand().execute(partition::goOffline);
        assertThat(partitions.timers().waiting()).isZero();
        Files.move(folder.resolve("away"), folder.resolve("orders-0"));
    }

    /** Lets the disk be full, and appends until the partition notices: at the latest when it begins a segment. */
    private void fill() throws IOException {
        partitions.disk().fill();
        Files.move(folder.resolve("orders-0"), folder.resolve("away"));
        assertThat(append(5)).contains("KAFKA_STORAGE_ERROR");
    }

    private void empty() throws IOException {
        Files.move(folder.resolve("away"), folder.resolve("orders-0"));
        partitions.disk().free();
    }

    private void advance(long ms) {
        for (long passed = 0; passed < ms; passed += DiskRecovery.FIRST_DELAY_MS) {
            partitions.timers().advance(DiskRecovery.FIRST_DELAY_MS);
            partitions.flushThreads().runAll();
        }
    }

    /** Appends records one by one and gives how each of them ended. */
    private List<String> append(int count) {
        List<String> outcomes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            partition.strand().execute(() -> {
                try {
                    partition.append(partitions.batch("value"), AppendOrigin.CLIENT);
                    outcomes.add("NONE");
                } catch (PartitionException e) {
                    outcomes.add(e.error().name());
                } catch (LogException e) {
                    outcomes.add("KAFKA_" + e.error());
                }
            });
        }
        return outcomes;
    }

    /** Reads from the start, and gives where that ends. */
    private long readable() {
        long offset = partition.logStartOffset();
        while (offset < partition.highWatermark()) {
            try (LogSlice slice =
                    partition.log().read(offset, 1 << 20, partition.highWatermark(), ReadSize.WHOLE_FIRST_BATCH)) {
                offset = slice.nextOffset();
            }
        }
        return offset;
    }
}
