package io.milena.server.partition.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.message.FetchRequest;
import io.milena.protocol.message.FetchResponse;
import io.milena.server.partition.Partition;
import io.milena.server.partition.TestPartitions;
import io.milena.server.partition.session.FetchTerms.Reader;
import io.milena.server.strand.Timeout;
import io.milena.server.strand.Timers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Several threads append while several connections fetch, and no fetch ever times out: if one wake-up is lost, a reader stays where it is
 * and the test does not end.
 */
class FetchWakeUpStressTest {
    private static final int PARTITIONS = 4;
    private static final int APPENDS_PER_PARTITION = 3000;
    private static final int READERS = 6;

    @TempDir
    Path folder;

    private final AtomicLong timers = new AtomicLong();
    private final List<ExecutorService> threads = new ArrayList<>();

    @Test
    @org.junit.jupiter.api.Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
    void shouldNeverLoseAWakeUp() throws Exception {
        TestPartitions partitions = new TestPartitions(folder);
        ExecutorService homes = thread();
        List<Partition> all = new ArrayList<>();
        for (int i = 0; i < PARTITIONS; i++) {
            all.add(partitions.create("orders", i, TestPartitions.SETTINGS, homes));
        }
        FetchSessions sessions = new FetchSessions(READERS, new Random()::nextInt, new ColdReads(Runnable::run));
        List<EndlessReader> readers = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            EndlessReader reader = new EndlessReader(partitions, sessions, all, i % 2 == 0);
            readers.add(reader);
            reader.start();
        }
        for (Partition partition : all) {
            ExecutorService producer = thread();
            for (int i = 0; i < APPENDS_PER_PARTITION; i++) {
                producer.execute(() -> partitions.append(partition, "value"));
            }
        }

        for (EndlessReader reader : readers) {
            reader.done.get();
            reader.close();
        }
        for (ExecutorService thread : threads) {
            thread.shutdown();
            assertThat(thread.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(timers).hasValue(0);
        assertThat(partitions.leases()).isZero();
        assertThat(partitions.watched()).isEmpty();
        partitions.close();
    }

    private ExecutorService thread() {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        threads.add(thread);
        return thread;
    }

    /** Fetches until it has seen every partition to its end; owned by its thread. */
    private final class EndlessReader {
        private final ExecutorService loop = thread();
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private final List<Partition> partitions;
        private final boolean inSession;
        private final long[] offsets = new long[PARTITIONS];
        private final ConnectionFetches fetches;
        private int sessionId;
        private int epoch = SessionEpoch.FINAL;

        EndlessReader(TestPartitions lookup, FetchSessions sessions, List<Partition> partitions, boolean inSession) {
            this.partitions = partitions;
            this.inSession = inSession;
            fetches = new ConnectionFetches(sessions, lookup, response -> {}, new NeverTimers(), loop);
        }

        void start() {
            epoch = inSession ? SessionEpoch.INITIAL : SessionEpoch.FINAL;
            loop.execute(() -> next(partitions));
        }

        void close() throws Exception {
            loop.submit(fetches::close).get();
        }

        private void next(List<Partition> named) {
            int minBytes = ThreadLocalRandom.current().nextInt(4) == 0 ? 150 : 1;
            FetchTerms terms =
                    new FetchTerms(13, Reader.UNCOMMITTED, Integer.MAX_VALUE, last() ? 1 : minBytes, 1 << 20);
            fetches.fetch(request(named), terms).whenComplete((response, failure) -> {
                if (failure == null) {
                    take(response);
                } else {
                    done.completeExceptionally(failure);
                }
            });
        }

        private FetchRequest request(List<Partition> named) {
            List<FetchRequest.Partition> wanted = new ArrayList<>();
            for (Partition partition : named) {
                wanted.add(new FetchRequest.Partition()
                        .partition(partition.index())
                        .fetchOffset(offsets[partition.index()])
                        .partitionMaxBytes(1 << 20));
            }
            return new FetchRequest()
                    .sessionId(sessionId)
                    .sessionEpoch(epoch)
                    .topics(List.of(new FetchRequest.Topic()
                            .topicId(partitions.get(0).topicId())
                            .partitions(wanted)));
        }

        private void take(FetchResponse response) {
            List<Partition> moved = new ArrayList<>();
            for (FetchResponse.Topic topic : response.responses()) {
                for (FetchResponse.Partition answer : topic.partitions()) {
                    if (answer.records().sizeInBytes() > 0) {
                        offsets[answer.partitionIndex()] = answer.highWatermark();
                        moved.add(partitions.get(answer.partitionIndex()));
                    }
                }
            }
            Fetcher.release(response);
            if (inSession) {
                sessionId = response.sessionId();
                epoch = SessionEpoch.next(epoch);
            }
            if (Arrays.stream(offsets).allMatch(offset -> offset == APPENDS_PER_PARTITION)) {
                done.complete(null);
            } else {
                loop.execute(() -> next(inSession ? moved : partitions));
            }
        }

        /** Near the end nobody may wait for more than there will be. */
        private boolean last() {
            return Arrays.stream(offsets).anyMatch(offset -> offset > APPENDS_PER_PARTITION - 10);
        }
    }

    /** Timers that only count: no fetch of this test may need one. */
    private final class NeverTimers implements Timers {
        @Override
        public Timeout schedule(long delayMs, Runnable task) {
            timers.incrementAndGet();
            return () -> {
                timers.decrementAndGet();
                return true;
            };
        }

        @Override
        public long nowMs() {
            return 0;
        }
    }
}
