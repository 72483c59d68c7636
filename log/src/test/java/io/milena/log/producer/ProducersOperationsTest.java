package io.milena.log.producer;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.log.LogError;
import io.milena.log.LogException;
import io.milena.log.batch.AppendOrigin;
import io.milena.log.batch.ControlRecord;
import io.milena.log.batch.RecordBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random appends, retries, markers, restarts and truncations against a model that searches a plain list. */
class ProducersOperationsTest {
    private static final int RUNS = 300;
    private static final int STEPS = 200;
    private static final int IDS = 3;
    private static final long NEVER = Long.MAX_VALUE;

    @Test
    void shouldDecideAsTheModelDoes() {
        long seed = new Random().nextLong();
        for (int run = 0; run < RUNS; run++) {
            long runSeed = seed + run;
            try {
                new Run(new Random(runSeed)).go();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + runSeed, e);
            }
        }
    }

    /** What the model keeps of a batch. */
    private record Entry(
            long id, short epoch, int first, int last, long base, long end, boolean transactional, boolean marker) {}

    private static final class Run {
        private final Random random;
        private final Producers producers = new Producers();
        private final List<Entry> log = new ArrayList<>();
        /** Entries before this index are remembered only as the last data batch of each producer. */
        private int snapshotAt;

        private long highWatermark;

        Run(Random random) {
            this.random = random;
        }

        void go() {
            for (int step = 0; step < STEPS; step++) {
                int what = random.nextInt(100);
                if (what < 70) {
                    produce();
                } else if (what < 85) {
                    mark();
                } else if (what < 92) {
                    highWatermark += random.nextInt((int) (end() - highWatermark) + 1);
                    producers.highWatermark(highWatermark);
                } else if (what < 96) {
                    restart();
                } else {
                    truncate();
                }
                assertThat(producers.firstUnstableOffset()).isEqualTo(firstUnstable());
            }
        }

        private long end() {
            return log.isEmpty() ? 0 : last(log).end + 1;
        }

        private static Entry last(List<Entry> entries) {
            return entries.get(entries.size() - 1);
        }

        private List<Entry> of(long id) {
            List<Entry> entries = new ArrayList<>(log);
            entries.removeIf(entry -> entry.id != id);
            return entries;
        }

        private void produce() {
            long id = random.nextInt(IDS);
            List<Entry> mine = of(id);
            List<Entry> data = new ArrayList<>(mine);
            data.removeIf(entry -> entry.marker);
            short epoch = mine.isEmpty() ? 5 : last(mine).epoch;
            int count = 1 + random.nextInt(4);
            int sequence =
                    data.isEmpty() || last(data).epoch != epoch ? 0 : RecordBatch.sequenceAfter(last(data).last, 1);
            switch (random.nextInt(8)) {
                case 0 -> sequence = RecordBatch.sequenceAfter(sequence, random.nextInt(3));
                case 1 -> epoch += (short) (random.nextInt(3) - 1);
                case 2 -> {
                    epoch++;
                    sequence = 0;
                }
                case 3, 4 -> {
                    if (!data.isEmpty()) {
                        Entry again = data.get(Math.max(0, data.size() - 1 - random.nextInt(8)));
                        epoch = again.epoch;
                        sequence = again.first;
                        count = (int) (again.end - again.base) + 1;
                    }
                }
                default -> {}
            }
            if (mine.isEmpty() && random.nextBoolean()) {
                sequence = Integer.MAX_VALUE - random.nextInt(5);
            }
            boolean transactional = random.nextInt(3) == 0;
            append(id, epoch, sequence, count, transactional);
        }

        private void append(long id, short epoch, int sequence, int count, boolean transactional) {
            var builder = ProducersTest.data(id, epoch, sequence, count);
            RecordBatch batch = (transactional ? builder.transactional() : builder).build();
            Object expected = expected(id, epoch, sequence, batch.lastSequence(), transactional);
            Object actual = decision(batch);
            assertThat(actual).isEqualTo(expected);
            if (Objects.equals(actual, "append")) {
                write(batch, transactional, false);
            }
        }

        private Object decision(RecordBatch batch) {
            try {
                return producers
                        .check(batch, AppendOrigin.CLIENT)
                        .<Object>map(AppendedBatch::firstOffset)
                        .orElse("append");
            } catch (LogException e) {
                return e.error();
            }
        }

        /** The offset of the batch this one repeats, an error, or "append". */
        private Object expected(long id, short epoch, int first, int last, boolean transactional) {
            List<Entry> mine = of(id);
            if (mine.isEmpty()) {
                return "append";
            }
            short current = last(mine).epoch;
            List<Entry> remembered = remembered(id, mine, current);
            for (Entry entry : remembered) {
                if (epoch == current && entry.first == first && entry.last == last) {
                    return entry.base;
                }
            }
            if (epoch < current) {
                return LogError.INVALID_PRODUCER_EPOCH;
            }
            boolean fresh = epoch > current || remembered.isEmpty();
            int wanted = fresh ? 0 : (int) ((last(remembered).last + 1L) % (1L << 31));
            if (first != wanted) {
                return LogError.OUT_OF_ORDER_SEQUENCE_NUMBER;
            }
            return openSince(id).isPresent() && !transactional ? LogError.INVALID_TXN_STATE : "append";
        }

        private List<Entry> remembered(long id, List<Entry> mine, short current) {
            List<Entry> remembered = new ArrayList<>();
            for (Entry entry : mine) {
                if (entry.epoch != current) {
                    remembered.clear();
                } else if (!entry.marker) {
                    remembered.add(entry);
                }
            }
            int known = snapshotAt;
            while (remembered.size() > 1 && log.indexOf(remembered.get(1)) < known) {
                remembered.remove(0);
            }
            return remembered.subList(Math.max(0, remembered.size() - 5), remembered.size());
        }

        private OptionalLong openSince(long id) {
            OptionalLong since = OptionalLong.empty();
            for (Entry entry : of(id)) {
                if (entry.marker) {
                    since = OptionalLong.empty();
                } else if (entry.transactional && since.isEmpty()) {
                    since = OptionalLong.of(entry.base);
                }
            }
            return since;
        }

        private OptionalLong firstUnstable() {
            long first = NEVER;
            for (long id = 0; id < IDS; id++) {
                long start = NEVER;
                for (Entry entry : of(id)) {
                    if (entry.marker) {
                        first = entry.base < highWatermark ? first : Math.min(first, start);
                        start = NEVER;
                    } else if (entry.transactional && start == NEVER) {
                        start = entry.base;
                    }
                }
                first = Math.min(first, start);
            }
            return first == NEVER ? OptionalLong.empty() : OptionalLong.of(first);
        }

        private void mark() {
            long id = random.nextInt(IDS);
            List<Entry> mine = of(id);
            short epoch = (short) (mine.isEmpty() ? 5 : last(mine).epoch + random.nextInt(2));
            var type = random.nextBoolean() ? ControlRecord.Type.COMMIT : ControlRecord.Type.ABORT;
            RecordBatch batch = new ControlRecord(type, 1).toBatch(id, epoch, 1000);
            assertThat(producers.check(batch, AppendOrigin.COORDINATOR)).isEmpty();
            write(batch, true, true);
        }

        private void write(RecordBatch batch, boolean transactional, boolean marker) {
            OptionalLong since = openSince(batch.producerId());
            batch.assign(end(), 0);
            log.add(new Entry(
                    batch.producerId(),
                    batch.producerEpoch(),
                    batch.baseSequence(),
                    batch.lastSequence(),
                    batch.baseOffset(),
                    batch.lastOffset(),
                    transactional,
                    marker));
            var completed = producers.update(batch);
            assertThat(completed.isPresent()).isEqualTo(marker && since.isPresent());
            completed.ifPresent(transaction -> {
                assertThat(transaction.firstOffset()).isEqualTo(since.getAsLong());
                assertThat(transaction.lastOffset()).isEqualTo(batch.lastOffset());
            });
        }

        /** A snapshot holds no ended transactions: all of the log must be below the high watermark for it to be exact. */
        private void restart() {
            highWatermark = end();
            producers.highWatermark(highWatermark);
            producers.load(producers.encode(), 0, NEVER);
            snapshotAt = log.size();
        }

        private void truncate() {
            int keep = log.isEmpty() ? 0 : random.nextInt(log.size() + 1);
            log.subList(keep, log.size()).clear();
            highWatermark = Math.min(highWatermark, end());
            snapshotAt = 0;
            producers.clear();
            for (Entry entry : log) {
                RecordBatch batch = entry.marker
                        ? new ControlRecord(ControlRecord.Type.COMMIT, 1).toBatch(entry.id, entry.epoch, 1000)
                        : rebuilt(entry);
                batch.assign(entry.base, 0);
                producers.update(batch);
            }
            producers.highWatermark(highWatermark);
        }

        private static RecordBatch rebuilt(Entry entry) {
            int count = (int) (entry.end - entry.base) + 1;
            var builder = ProducersTest.data(entry.id, entry.epoch, entry.first, count);
            return (entry.transactional ? builder.transactional() : builder).build();
        }
    }
}
