package io.milena.server.partition.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.message.FetchRequest;
import io.milena.protocol.message.FetchResponse;
import io.milena.server.partition.Partition;
import io.milena.server.partition.TestPartitions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random appends, deletions of records and fetches in one session, against a model that looks at every partition every time: what a
 * response must name, and whether a fetch may wait.
 */
class FetchSessionOperationsTest {
    private static final int PARTITIONS = 6;
    private static final int STEPS = 300;

    @TempDir
    Path folder;

    private final Map<Integer, Wanted> model = new TreeMap<>();
    private final List<Partition> all = new ArrayList<>();
    private Random random;
    private TestPartitions partitions;
    private Fetcher fetcher;
    private int sessionId;
    private int epoch;

    /** What the client asked for and was told last. */
    private static final class Wanted {
        private long fetchOffset;
        private long toldHighWatermark = -1;
        private long toldLogStartOffset = -1;
    }

    @RepeatedTest(8)
    void shouldTellExactlyWhatIsNew() {
        long seed = new Random().nextLong();
        random = new Random(seed);
        partitions = new TestPartitions(folder.resolve(Long.toHexString(seed)));
        for (int i = 0; i < PARTITIONS; i++) {
            all.add(partitions.create("orders", i));
        }
        fetcher = new Fetcher(partitions, new FetchSessions(10, random::nextInt, new ColdReads(Runnable::run)));
        for (int step = 0; step < STEPS; step++) {
            String where = "seed " + seed + " step " + step;
            for (int i = random.nextInt(3); i > 0; i--) {
                changeSomething();
            }
            fetch(where);
        }
        fetcher.close();
        assertThat(partitions.leases()).isZero();
        assertThat(partitions.watched()).isEmpty();
        partitions.close();
    }

    private void changeSomething() {
        Partition partition = all.get(random.nextInt(PARTITIONS));
        if (random.nextInt(5) > 0) {
            partitions.append(partition, "some", "value");
        } else {
            long offset = random.nextLong(partition.logStartOffset(), partition.highWatermark() + 1);
            partition.strand().execute(() -> partition.deleteBefore(offset));
        }
    }

    private void fetch(String where) {
        boolean full = sessionId == 0 || random.nextInt(40) == 0;
        if (full) {
            epoch = 0;
            model.clear();
        }
        List<FetchRequest.Topic> wants = wants(full);
        List<FetchRequest.ForgottenTopic> forgets = full ? List.of() : forgets();
        fetcher.session(sessionId, epoch);
        CompletableFuture<FetchResponse> reply = fetcher.fetch(wants, forgets);
        if (model.isEmpty()) { // there is nothing to wait for, and the session is over
            assertThat(reply.join().sessionId()).as(where).isZero();
            sessionId = 0;
            return;
        }
        if (mustAnswerNow()) {
            assertThat(reply).as(where).isDone();
        } else {
            assertThat(reply).as(where).isNotDone();
            waitForSomething(reply, where);
        }
        check(reply.join(), full, where);
        epoch++;
    }

    private void waitForSomething(CompletableFuture<FetchResponse> reply, String where) {
        for (int i = random.nextInt(4); i > 0 && !mustAnswerNow(); i--) {
            changeSomething();
        }
        if (!mustAnswerNow()) {
            fetcher.eventLoop().runAll();
            assertThat(reply).as(where).isNotDone();
            partitions.timers().advance(500);
        }
        fetcher.eventLoop().runAll();
        assertThat(reply).as(where).isDone();
    }

    private List<FetchRequest.Topic> wants(boolean full) {
        List<FetchRequest.Topic> wants = new ArrayList<>();
        for (Partition partition : all) {
            if (random.nextInt(3) == 0 || (full && partition.index() == 0)) {
                Wanted wanted = model.computeIfAbsent(partition.index(), index -> new Wanted());
                wanted.fetchOffset = random.nextInt(20) == 0
                        ? partition.logEndOffset() + 1
                        : partition.highWatermark() - random.nextInt(2);
                wants.add(fetcher.wants(partition, wanted.fetchOffset));
            }
        }
        return wants;
    }

    private List<FetchRequest.ForgottenTopic> forgets() {
        List<FetchRequest.ForgottenTopic> forgets = new ArrayList<>();
        for (Partition partition : all) {
            if (random.nextInt(12) == 0 && model.remove(partition.index()) != null) {
                forgets.add(fetcher.forgets(partition));
            }
        }
        return forgets;
    }

    private boolean mustAnswerNow() {
        return model.entrySet().stream()
                .anyMatch(entry ->
                        hasError(entry.getKey(), entry.getValue()) || hasRecords(entry.getKey(), entry.getValue()));
    }

    private boolean hasError(int index, Wanted wanted) {
        Partition partition = all.get(index);
        return wanted.fetchOffset < partition.logStartOffset() || wanted.fetchOffset > partition.logEndOffset();
    }

    private boolean hasRecords(int index, Wanted wanted) {
        return !hasError(index, wanted) && wanted.fetchOffset < all.get(index).highWatermark();
    }

    private void check(FetchResponse response, boolean full, String where) {
        List<String> expected = new ArrayList<>();
        model.forEach((index, wanted) -> {
            Partition partition = all.get(index);
            boolean error = hasError(index, wanted);
            boolean isNew = wanted.toldHighWatermark != partition.highWatermark()
                    || wanted.toldLogStartOffset != partition.logStartOffset();
            if (full || error || hasRecords(index, wanted) || isNew) {
                expected.add(index
                        + (error ? " OFFSET_OUT_OF_RANGE hw=-1" : " hw=" + partition.highWatermark())
                        + (hasRecords(index, wanted) ? " records" : ""));
                wanted.toldHighWatermark = error ? -1 : partition.highWatermark();
                wanted.toldLogStartOffset = error ? -1 : partition.logStartOffset();
            }
        });
        if (full) {
            assertThat(response.sessionId()).as(where).isNotZero();
        } else {
            assertThat(response.sessionId()).as(where).isEqualTo(sessionId);
        }
        sessionId = response.sessionId();
        List<String> told = Fetcher.told(response);
        told.replaceAll(line -> line.replaceAll(" bytes=.*", " records"));
        told.sort(Comparator.naturalOrder());
        assertThat(told).as(where).isEqualTo(expected);
    }
}
