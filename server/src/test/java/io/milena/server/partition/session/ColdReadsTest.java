package io.milena.server.partition.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.message.FetchResponse;
import io.milena.server.partition.Partition;
import io.milena.server.partition.TestPartitions;
import io.milena.server.strand.ManualExecutor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ColdReadsTest {
    @TempDir
    Path folder;

    private final ManualExecutor disk = new ManualExecutor();
    private final ColdReads reads = new ColdReads(disk);
    private final List<String> done = new ArrayList<>();

    @Test
    void shouldServeThoseWhoWaitInTurn() {
        ColdReads.Reader greedy = reads.reader();
        ColdReads.Reader modest = reads.reader();
        for (int i = 0; i < 3; i++) {
            String name = "greedy" + i;
            greedy.read(() -> done.add(name));
        }
        modest.read(() -> done.add("modest"));

        disk.runAll();

        assertThat(done).containsExactly("greedy0", "modest", "greedy1", "greedy2");
    }

    @Test
    void shouldUseFewThreads() {
        for (int i = 0; i < 100; i++) {
            reads.reader().read(() -> done.add("read"));
        }
        assertThat(disk.waiting()).isEqualTo(ColdReads.MAX_RUNNING);
        disk.runAll();
        assertThat(done).hasSize(100);
        reads.reader().read(() -> done.add("later"));
        disk.runAll();
        assertThat(done).hasSize(101);
    }

    @Test
    void shouldDropWhatAConnectionWantedThatEnds() {
        ColdReads.Reader reader = reads.reader();
        reader.read(() -> done.add("never"));
        reader.close();
        assertThat(reader.read(() -> done.add("never"))).isTrue();
        disk.runAll();
        assertThat(done).isEmpty();
    }

    @Test
    void shouldRefuseMoreThanMayWait() {
        ColdReads.Reader reader = reads.reader();
        for (int i = 0; i < ColdReads.MAX_WAITING; i++) {
            assertThat(reader.read(() -> done.add("read"))).isTrue();
        }
        assertThat(reader.read(() -> done.add("read"))).isFalse();
        disk.runAll();
        assertThat(reader.read(() -> done.add("read"))).isTrue();
    }

    @Test
    void shouldLetAFetchWaitForTheDiskWithoutItsLoop() {
        try (TestPartitions partitions = new TestPartitions(folder)) {
            Partition before = partitions.create("orders", 0);
            int size = partitions.append(before, "a", "b");
            partitions.delete(before);
            Partition reopened = partitions.create("orders", 0);
            Fetcher fetcher =
                    new Fetcher(partitions, new FetchSessions(3, new AtomicInteger()::incrementAndGet, reads));

            CompletableFuture<FetchResponse> reply = fetcher.fetch(fetcher.wants(reopened, 0));
            fetcher.eventLoop().runAll();
            assertThat(reply).isNotDone();
            disk.runAll();
            assertThat(reply).isNotDone();
            fetcher.eventLoop().runAll();

            assertThat(reply).isDone();
            assertThat(Fetcher.told(reply.join())).containsExactly("0 hw=2 bytes=" + size);
            assertThat(fetcher.fetch(fetcher.wants(reopened, 0)))
                    .isCompletedWithValueMatching(
                            response -> Fetcher.told(response).size() == 1);
            fetcher.close();
            assertThat(partitions.leases()).isZero();
        }
    }

    @Test
    void shouldAnswerEmptyWhenTheTimeIsOverBeforeTheDisk() {
        try (TestPartitions partitions = new TestPartitions(folder)) {
            Partition before = partitions.create("orders", 0);
            partitions.append(before, "a");
            partitions.delete(before);
            Partition reopened = partitions.create("orders", 0);
            Fetcher fetcher =
                    new Fetcher(partitions, new FetchSessions(3, new AtomicInteger()::incrementAndGet, reads));

            CompletableFuture<FetchResponse> reply = fetcher.fetch(fetcher.wants(reopened, 0));
            partitions.timers().advance(500);
            fetcher.eventLoop().runAll();
            assertThat(Fetcher.told(reply.join())).containsExactly("0 hw=1");

            disk.runAll();
            CompletableFuture<FetchResponse> second = fetcher.fetch(fetcher.wants(reopened, 0));
            assertThat(Fetcher.told(second.join()))
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains("bytes=");
            fetcher.close();
        }
    }
}
