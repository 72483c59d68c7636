package io.milena.log;

import static io.milena.log.CompactionFixture.SETTINGS;
import static org.assertj.core.api.Assertions.assertThat;

import io.milena.log.batch.AppendOrigin;
import io.milena.log.batch.BatchBuilder;
import io.milena.log.batch.ControlRecord;
import io.milena.log.batch.Record;
import io.milena.log.batch.RecordBatch;
import io.milena.log.batch.RecordIterator;
import io.milena.log.clean.CleanerSettings;
import io.milena.log.clean.Compaction;
import io.milena.log.compress.Compression;
import io.milena.log.segment.AbortedTransaction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random appends, transactions, cuts, stops and cleanings, the steps of a cleaning mixed with everything else. After each
 * operation, what a reader of committed data sees is compared with all that was ever appended.
 */
class CompactionOperationsTest {
    private static final int OPERATIONS = 250;
    private static final int KEYS = 12;
    private static final int PRODUCERS = 3;

    @TempDir
    Path folder;

    private final LogFixture fixture = new LogFixture();
    private final List<Batch> model = new ArrayList<>();
    private final Map<Long, Integer> sequences = new HashMap<>();
    private Random random = new Random();
    private PartitionLog log;
    private long highWatermark;
    private @Nullable Compaction compaction;
    private LogSlice held;
    private byte[] heldBytes = {};

    private record Entry(long offset, String key, @Nullable String value, long appendedMs) {}

    /** One appended batch; a marker has no entries. */
    private record Batch(
            long base, long last, List<Entry> entries, long producerId, ControlRecord.@Nullable Type marker) {}

    static LongStream seeds() {
        return LongStream.concat(LongStream.rangeClosed(1, 40), LongStream.of(System.nanoTime()));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shouldKeepWhatReadersOfCommittedDataMaySee(long seed) throws IOException {
        random = new Random(seed);
        open(LogContext.NO_CHECKPOINTS);
        for (int i = 0; i < OPERATIONS; i++) {
            String operation = operate();
            try {
                check();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + " operation " + i + " " + operation, e);
            }
        }
        endCompaction();
        letGo();
        log.close();
        fixture.assertNothingLeased();
    }

    private void open(LogContext.Checkpoints checkpoints) {
        log = PartitionLog.open(folder, SETTINGS, fixture.context(checkpoints));
    }

    private String operate() throws IOException {
        fixture.clock.advance(random.nextInt(100));
        int choice = random.nextInt(100);
        if (choice < 35) {
            return append();
        } else if (choice < 45) {
            return mark();
        } else if (choice < 52) {
            log.roll();
            return "roll";
        } else if (choice < 56) {
            highWatermark += random.nextInt((int) (log.logEndOffset() - highWatermark) + 1);
            return "high watermark " + highWatermark;
        } else if (choice < 90) {
            return compactAStep();
        } else if (choice < 92) {
            return cut();
        } else if (choice < 93) {
            log.deleteBefore(log.logStartOffset() + random.nextInt((int) (highWatermark - log.logStartOffset()) + 1));
            log.applyRetention(highWatermark);
            return "delete before " + log.logStartOffset();
        } else if (choice < 96) {
            letGo();
            hold();
            return "hold";
        }
        return reopen(random.nextBoolean());
    }

    private String append() {
        long producerId = random.nextInt(2 * PRODUCERS) - PRODUCERS;
        BatchBuilder batch = new BatchBuilder().compression(Compression.values()[random.nextInt(5)]);
        int count = 1 + random.nextInt(4);
        boolean inTransaction = producerId >= 0;
        if (inTransaction) {
            int sequence = sequences.merge(producerId, count, Integer::sum) - count;
            batch.producer(producerId, (short) 0, sequence).transactional();
        }
        long base = log.logEndOffset();
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String key = "key-" + random.nextInt(KEYS);
            String value =
                    random.nextInt(4) == 0 ? null : "value-" + (base + i) + "-" + "x".repeat(random.nextInt(300));
            entries.add(new Entry(base + i, key, value, fixture.clock.millis()));
            batch.append(fixture.clock.millis(), LogFixture.bytes(key), value == null ? null : LogFixture.bytes(value));
        }
        log.append(batch.build().bytes(), 1, AppendOrigin.COORDINATOR);
        model.add(new Batch(base, base + count - 1, entries, producerId, null));
        return "append at " + base + " by " + producerId;
    }

    private String mark() {
        long producerId = random.nextInt(PRODUCERS);
        ControlRecord.Type type = random.nextBoolean() ? ControlRecord.Type.ABORT : ControlRecord.Type.COMMIT;
        ByteBuffer marker = new ControlRecord(type, 0)
                .toBatch(producerId, (short) 0, fixture.clock.millis())
                .bytes();
        long offset = log.append(marker, 1, AppendOrigin.COORDINATOR).firstOffset();
        model.add(new Batch(offset, offset, List.of(), producerId, type));
        return type + " of " + producerId + " at " + offset;
    }

    private String compactAStep() throws IOException {
        Compaction current = compaction;
        if (current == null) {
            long dedupeBytes = random.nextBoolean() ? 1 << 20 : 24 * 8;
            CleanerSettings settings = new CleanerSettings(1, dedupeBytes, 0.9, 1024, Double.MAX_VALUE, 1);
            compaction = log.dirt(log.lastStableOffset(highWatermark))
                    .flatMap(dirt -> log.compaction(dirt, highWatermark, settings))
                    .orElse(null);
            return "begin to compact";
        }
        for (int i = random.nextInt(10); i >= 0; i--) {
            switch (current.next()) {
                case WORK -> workOn(current);
                case SWAP -> current.swap();
                case END -> endCompaction();
            }
        }
        return "compact";
    }

    private void workOn(Compaction current) throws IOException {
        try {
            current.work();
        } catch (io.milena.log.segment.SegmentGoneException e) {
            endCompaction();
        }
    }

    private void endCompaction() throws IOException {
        if (compaction != null) {
            compaction.close();
            compaction = null;
        }
    }

    private String cut() {
        long offset = highWatermark + random.nextInt((int) (log.logEndOffset() - highWatermark) + 1);
        log.truncateTo(offset);
        model.removeIf(batch -> batch.last() >= offset);
        forgetEnded();
        return "truncate to " + offset;
    }

    private void hold() {
        long from = log.logStartOffset();
        held = log.read(from, 1 + random.nextInt(5000), log.logEndOffset(), ReadSize.WHOLE_FIRST_BATCH);
        heldBytes = bytes(held);
    }

    private void letGo() {
        if (held != null) {
            assertThat(bytes(held)).isEqualTo(heldBytes);
            held.close();
            held = null;
        }
    }

    private static byte[] bytes(LogSlice slice) {
        ByteBuffer bytes = ByteBuffer.allocate(slice.sizeInBytes());
        slice.readInto(bytes);
        return bytes.array();
    }

    private String reopen(boolean clean) throws IOException {
        letGo();
        if (clean) {
            endCompaction();
        }
        LogContext.Checkpoints checkpoints = LogFixture.checkpoints(clean, log);
        Map<Long, Long> before = lastOffsets();
        log.close();
        endCompaction();
        open(checkpoints);
        assertThat(lastOffsets()).isEqualTo(before);
        forgetEnded();
        return "reopen, clean " + clean;
    }

    /** A log that was read anew no longer knows which markers are not replicated yet, as Kafka's; so they all are. */
    private void forgetEnded() {
        highWatermark = log.logEndOffset();
    }

    private Map<Long, Long> lastOffsets() {
        Map<Long, Long> last = new TreeMap<>();
        log.producers().lastBatches().forEach((id, batch) -> last.put(id, batch.lastOffset()));
        return last;
    }

    private void check() {
        long end = lastStable();
        List<Entry> committed = committed(end);
        List<Record> visible = visible(end);
        Map<Long, Entry> byOffset = new HashMap<>();
        Map<String, Entry> newest = new HashMap<>();
        committed.forEach(entry -> byOffset.put(entry.offset(), entry));
        committed.forEach(entry -> newest.put(entry.key(), entry));
        Map<String, Record> newestVisible = new HashMap<>();
        for (Record record : visible) {
            Entry entry = byOffset.get(record.offset());
            assertThat(entry).as("offset %d", record.offset()).isNotNull();
            assertThat(text(record.key())).isEqualTo(entry.key());
            assertThat(text(record.value())).isEqualTo(entry.value());
            newestVisible.put(entry.key(), record);
        }
        newest.forEach((key, entry) -> {
            Optional<Long> found = Optional.ofNullable(newestVisible.get(key)).map(Record::offset);
            boolean mayBeGone = entry.value() == null
                    && fixture.clock.millis() - entry.appendedMs() >= SETTINGS.deleteRetentionMs();
            if (found.isPresent() || !mayBeGone) {
                assertThat(found).as("%s", entry).contains(entry.offset());
            }
        });
        assertThat(log.logEndOffset()).isGreaterThanOrEqualTo(model.isEmpty() ? 0 : lastOf(model) + 1);
    }

    /** The first offset of a transaction without an end, or the end. */
    private long lastStable() {
        Map<Long, Long> open = new TreeMap<>();
        for (Batch batch : model) {
            if (batch.marker() != null) {
                open.remove(batch.producerId());
            } else if (batch.producerId() >= 0) {
                open.putIfAbsent(batch.producerId(), batch.base());
            }
        }
        return open.values().stream().mapToLong(Long::longValue).min().orElse(log.logEndOffset());
    }

    private static long lastOf(List<Batch> batches) {
        return batches.get(batches.size() - 1).last();
    }

    /** What was appended by nobody's transaction or a committed one, between the start of the log and an offset. */
    private List<Entry> committed(long end) {
        List<Entry> committed = new ArrayList<>();
        for (int i = 0; i < model.size(); i++) {
            Batch batch = model.get(i);
            if (batch.base() < end && batch.marker() == null && !isAborted(i)) {
                committed.addAll(batch.entries());
            }
        }
        committed.removeIf(entry -> entry.offset() < log.logStartOffset());
        return committed;
    }

    private boolean isAborted(int place) {
        long producerId = model.get(place).producerId();
        for (Batch later : model.subList(place, model.size())) {
            if (producerId >= 0 && later.producerId() == producerId && later.marker() != null) {
                return later.marker() == ControlRecord.Type.ABORT;
            }
        }
        return false;
    }

    /** What a consumer that reads committed data makes of the log. */
    private List<Record> visible(long end) {
        List<Record> visible = new ArrayList<>();
        List<AbortedTransaction> aborted = log.abortedTransactions(log.logStartOffset(), end);
        for (RecordBatch batch : CompactionFixture.batches(log)) {
            boolean isVoid = batch.isTransactional()
                    && aborted.stream()
                            .anyMatch(transaction -> transaction.producerId() == batch.producerId()
                                    && transaction.firstOffset() <= batch.baseOffset()
                                    && batch.baseOffset() < transaction.lastOffset());
            if (batch.baseOffset() < end && !batch.isControl() && !isVoid) {
                try (RecordIterator records = batch.records()) {
                    records.forEachRemaining(visible::add);
                }
            }
        }
        visible.removeIf(record -> record.offset() < log.logStartOffset());
        return visible;
    }

    private static @Nullable String text(@Nullable ByteBuffer bytes) {
        return bytes == null
                ? null
                : java.nio.charset.StandardCharsets.UTF_8
                        .decode(bytes.duplicate())
                        .toString();
    }
}
