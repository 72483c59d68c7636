package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.BrokerKind;
import io.milena.compat.harness.BrokerProcess;
import io.milena.compat.harness.Footprint;
import io.milena.compat.harness.ManyPartitions;
import io.milena.compat.harness.RawConnection;
import io.milena.compat.harness.Waiting;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Many partitions in one broker: what each of them costs, and that all are right after a clean stop, after SIGKILL and with few file
 * descriptors. {@code -Dscale.partitions=10000 -Dscale.idle.seconds=60} for the large run, whose times are printed and not judged: they
 * belong to a quiet machine.
 */
class ScaleIT {

    private static final int PARTITIONS = Integer.getInteger("scale.partitions", 2000);
    private static final int IDLE_SECONDS = Integer.getInteger("scale.idle.seconds", 0);
    private static final long MAX_HEAP_BYTES_PER_PARTITION = 10 * 1024;

    /** A folder without records holds its metadata, an empty segment and perhaps a checkpoint. */
    private static final long MAX_FILE_BYTES_PER_EMPTY_PARTITION = 1024;

    private static final int FEW_FILES = 256;
    private static final int TOO_MANY_CONNECTIONS = 1_000;

    /** What the client of the large run waits for. */
    private interface Step {
        void run() throws Exception;
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void shouldKeepManyPartitionsCheaplyAndThroughRestarts() throws Exception {
        try (BrokerProcess broker = new BrokerProcess(BrokerKind.selected(), Map.of())) {
            ManyPartitions partitions = new ManyPartitions(broker);
            timed("first start", broker::start);
            timed("warm up", () -> broker.topic("first", 1, Map.of()));
            Footprint before = Footprint.of(broker.process().pid());
            timed("create", () -> partitions.create(PARTITIONS));
            Footprint after = Footprint.of(broker.process().pid());
            assertCheap(before, after, Footprint.fileBytes(broker.dataFolder(), "scale-"));
            measureIdle(broker);

            timed("a record to every other", () -> partitions.write(2));
            timed("stop", broker::terminate);
            timed("start after a clean stop", broker::start);
            timed("list offsets", () -> assertThat(partitions.ends()).isEqualTo(partitions.written()));

            timed("a record to every third", () -> partitions.write(3));
            broker.kill();
            timed("start after a kill", broker::start);
            timed("list offsets", () -> assertThat(partitions.ends()).isEqualTo(partitions.written()));
            timed("read all", () -> assertThat(partitions.read()).isEqualTo(partitions.written()));
            print("memory", Footprint.of(broker.process().pid()).toString());
            timed("stop", broker::terminate);
        }
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void shouldServeMorePartitionsThanItMayOpenFiles() throws Exception {
        try (BrokerProcess broker = new BrokerProcess(BrokerKind.MILENA, Map.of()).openFiles(FEW_FILES)) {
            ManyPartitions partitions = new ManyPartitions(broker);
            broker.start();
            partitions.create(2000);
            partitions.write(1);
            assertThat(partitions.read()).isEqualTo(partitions.written());
            assertThat(broker.terminate()).isIn(0, 143);
            broker.start();
            assertThat(partitions.ends()).isEqualTo(partitions.written());
            assertThat(partitions.read()).isEqualTo(partitions.written());
            assertThat(broker.process().stdout()).contains("limits:").doesNotContain("ERROR", "Too many open files");
        }
    }

    @Test
    void shouldRefuseMoreConnectionsThanItMayHaveAndGoOn() throws Exception {
        try (BrokerProcess broker = new BrokerProcess(BrokerKind.MILENA, Map.of()).openFiles(FEW_FILES)) {
            broker.start();
            List<RawConnection> connections = new ArrayList<>();
            try (RawConnection early = RawConnection.open(broker.port())) {
                for (int i = 0; i < TOO_MANY_CONNECTIONS; i++) {
                    connections.add(RawConnection.open(broker.port()));
                }
                assertThat(early.metadata().brokers()).isEqualTo(1);
            } finally {
                closeAll(connections);
            }
            Waiting.until(
                    "room for a new connection",
                    Duration.ofSeconds(30),
                    () -> isAnswered(broker.port()),
                    () -> broker.process().tail());
            assertThat(broker.process().stdout().lines().filter(line -> line.contains("connections refused")))
                    .hasSizeBetween(1, 60);
            assertThat(broker.process().stdout()).doesNotContain("ERROR");
        }
    }

    private static boolean isAnswered(int port) {
        try (RawConnection late = RawConnection.open(port)) {
            return late.metadata().brokers() == 1;
        } catch (IOException refused) {
            return false;
        }
    }

    private static void closeAll(List<RawConnection> connections) throws IOException {
        for (RawConnection connection : connections) {
            connection.close();
        }
    }

    private static void assertCheap(Footprint before, Footprint after, long fileBytes) {
        long heap = (after.heapBytes() - before.heapBytes()) / PARTITIONS;
        long resident = (after.residentBytes() - before.residentBytes()) / PARTITIONS;
        print("each partition", "heap=%d resident=%d files=%d bytes".formatted(heap, resident, fileBytes / PARTITIONS));
        if (BrokerKind.selected() == BrokerKind.MILENA) {
            assertThat(heap).isLessThan(MAX_HEAP_BYTES_PER_PARTITION);
            assertThat(fileBytes / PARTITIONS).isLessThan(MAX_FILE_BYTES_PER_EMPTY_PARTITION);
        }
    }

    private static void measureIdle(BrokerProcess broker) {
        if (IDLE_SECONDS > 0) {
            long cpuMs = Footprint.processorMs(broker.process().pid());
            Waiting.pause(Duration.ofSeconds(IDLE_SECONDS));
            long used = Footprint.processorMs(broker.process().pid()) - cpuMs;
            print("idle", "%.1f ms of a processor each second".formatted(used / (double) IDLE_SECONDS));
        }
    }

    private static void timed(String what, Step step) throws Exception {
        long startedNs = System.nanoTime();
        step.run();
        print(what, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNs) + " ms");
    }

    private static void print(String what, String value) {
        System.out.printf("scale: partitions=%d %s: %s%n", PARTITIONS, what, value);
    }
}
