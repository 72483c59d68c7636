package io.milena.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milena.log.LogModel.Aborted;
import io.milena.log.LogModel.Batch;
import io.milena.log.LogModel.Found;
import io.milena.log.LogModel.Producer;
import io.milena.log.batch.AppendOrigin;
import io.milena.log.batch.BatchBuilder;
import io.milena.log.batch.Batches;
import io.milena.log.batch.ControlRecord;
import io.milena.log.batch.RecordBatch;
import io.milena.log.compress.Compression;
import io.milena.log.segment.FileNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random operations on a log and on a model of it, with everything a reader can see compared after each of them. */
class PartitionLogOperationsTest {
    private static final int OPERATIONS = 300;
    private static final int MAX_HELD = 5;

    @TempDir(factory = MemoryDisk.class)
    Path folder;

    private final LogFixture fixture = new LogFixture();
    private final LogModel model = new LogModel();
    private final List<HeldSlice> held = new ArrayList<>();
    private Random random = new Random();
    private PartitionLog log;
    private int epoch = 1;

    private record HeldSlice(LogSlice slice, byte[] bytes) {}

    static LongStream seeds() {
        return LongStream.concat(LongStream.rangeClosed(1, 12), LongStream.of(System.nanoTime()));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shouldBehaveLikeTheModel(long seed) throws IOException {
        random = new Random(seed);
        open(LogContext.NO_CHECKPOINTS);
        for (int i = 0; i < OPERATIONS; i++) {
            String operation = operate();
            try {
                compare();
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed + " operation " + i + " " + operation, e);
            }
        }
        held.forEach(this::giveBack);
        log.close();
        fixture.assertNothingLeased();
    }

    private void open(LogContext.Checkpoints checkpoints) {
        log = PartitionLog.open(folder.resolve("t-0"), LogFixture.SMALL, fixture.context(checkpoints));
    }

    private String operate() throws IOException {
        fixture.clock.advance(random.nextInt(1000));
        int choice = random.nextInt(100);
        if (choice < 55) {
            return append();
        } else if (choice < 62) {
            return replicate();
        } else if (choice < 68) {
            return endTransaction();
        } else if (choice < 72) {
            log.roll();
            return "roll";
        } else if (choice < 77) {
            return truncate();
        } else if (choice < 81) {
            return deleteBefore();
        } else if (choice < 85) {
            return retain();
        } else if (choice < 88) {
            log.flush();
            assertThat(log.recoveryPoint()).isEqualTo(model.logEnd);
            return "flush";
        } else if (choice < 92) {
            return reopen();
        } else if (choice < 93) {
            long offset = random.nextLong(model.logEnd + 1000);
            log.truncateFullyAndStartAt(offset);
            model.startAt(offset);
            return "start at " + offset;
        } else {
            hold();
            return "hold";
        }
    }

    private BatchBuilder randomBatch(List<Long> timestamps) {
        BatchBuilder builder = new BatchBuilder();
        if (random.nextInt(4) == 0) {
            builder.compression(Compression.values()[random.nextInt(Compression.values().length)]);
        }
        int count = 1 + random.nextInt(random.nextInt(10) == 0 ? 30 : 4);
        for (int i = 0; i < count; i++) {
            timestamps.add(fixture.clock.millis() - random.nextInt(5000));
        }
        return builder;
    }

    private RecordBatch fill(BatchBuilder builder, List<Long> timestamps) {
        for (long timestamp : timestamps) {
            builder.append(timestamp, null, LogFixture.bytes("v".repeat(random.nextInt(60))));
        }
        return builder.build();
    }

    private String append() {
        List<Long> timestamps = new ArrayList<>();
        BatchBuilder builder = randomBatch(timestamps);
        long producerId = random.nextInt(3) == 0 ? random.nextInt(4) : -1;
        int sequence = -1;
        boolean transactional = false;
        if (producerId >= 0) {
            Producer producer = model.producers().getOrDefault(producerId, new Producer(-1, -1));
            sequence = producer.lastSequence() + 1;
            transactional = producer.transactionStart() >= 0 || random.nextBoolean();
            builder.producer(producerId, (short) 0, sequence);
            if (transactional) {
                builder.transactional();
            }
        }
        epoch += random.nextInt(20) == 0 ? 1 : 0;
        ByteBuffer bytes = fill(builder, timestamps).bytes();
        byte[] sent = copy(bytes);
        AppendResult result = log.append(bytes, epoch, AppendOrigin.CLIENT);
        assertThat(result.firstOffset()).isEqualTo(model.logEnd);
        assertThat(result.duplicate()).isFalse();
        int lastSequence = producerId < 0 ? -1 : sequence + timestamps.size() - 1;
        model.add(new Batch(
                result.firstOffset(), timestamps, copy(bytes), epoch, producerId, lastSequence, transactional, null));
        if (producerId >= 0) {
            AppendResult again = log.append(ByteBuffer.wrap(sent), epoch, AppendOrigin.CLIENT);
            assertThat(again.duplicate()).isTrue();
            assertThat(again.firstOffset()).isEqualTo(result.firstOffset());
            assertThat(again.lastOffset()).isEqualTo(result.lastOffset());
        }
        return "append " + model.batches.get(model.batches.size() - 1);
    }

    private String replicate() {
        List<byte[]> all = new ArrayList<>();
        for (int i = 1 + random.nextInt(20); i > 0; i--) {
            List<Long> timestamps = new ArrayList<>();
            RecordBatch batch = fill(randomBatch(timestamps), timestamps);
            batch.assign(model.logEnd, epoch);
            all.add(copy(batch.bytes()));
            model.add(new Batch(batch.baseOffset(), timestamps, copy(batch.bytes()), epoch, -1, -1, false, null));
        }
        ByteBuffer together =
                ByteBuffer.allocateDirect(all.stream().mapToInt(b -> b.length).sum());
        all.forEach(together::put);
        AppendResult result = log.appendReplicated(together.flip());
        assertThat(result.lastOffset()).isEqualTo(model.logEnd - 1);
        return "replicate " + all.size();
    }

    private String endTransaction() {
        for (Map.Entry<Long, Producer> producer : model.producers().entrySet()) {
            if (producer.getValue().transactionStart() >= 0) {
                boolean abort = random.nextBoolean();
                ControlRecord.Type type = abort ? ControlRecord.Type.ABORT : ControlRecord.Type.COMMIT;
                ByteBuffer bytes = new ControlRecord(type, 1)
                        .toBatch(producer.getKey(), (short) 0, fixture.clock.millis())
                        .bytes();
                long offset = log.append(bytes, epoch, AppendOrigin.COORDINATOR).firstOffset();
                List<Long> timestamps = List.of(fixture.clock.millis());
                int last = producer.getValue().lastSequence();
                model.add(new Batch(offset, timestamps, copy(bytes), epoch, producer.getKey(), last, true, abort));
                return "end transaction of " + producer;
            }
        }
        return "nothing";
    }

    private String truncate() throws IOException {
        List<Long> boundaries = model.boundaries();
        int back = Math.min(boundaries.size(), 1 + random.nextInt(random.nextInt(5) == 0 ? 200 : 15));
        long offset = boundaries.get(boundaries.size() - back);
        boolean fully = offset < segments().first();
        log.truncateTo(offset);
        if (fully) {
            model.startAt(offset);
        } else {
            model.truncate(offset);
        }
        return "truncate to " + offset;
    }

    private String deleteBefore() {
        long offset = model.logStart + random.nextLong(Math.min(model.logEnd - model.logStart, 50) + 1);
        log.deleteBefore(offset);
        model.logStart = offset;
        return "delete before " + offset;
    }

    private String retain() {
        long highWatermark = model.logEnd - random.nextLong(Math.min(model.logEnd - model.logStart, 20) + 1);
        log.settings(LogFixture.SMALL
                .withRetentionBytes(random.nextBoolean() ? -1 : 10_000)
                .withRetentionMs(random.nextBoolean() ? -1 : 60_000));
        int deleted = log.applyRetention(highWatermark);
        long start = log.logStartOffset();
        assertThat(start).isBetween(model.logStart, Math.max(highWatermark, model.logStart));
        model.logStart = start;
        return "retain, deleted " + deleted;
    }

    private String reopen() {
        // A new process knows nothing of slices that another one gave.
        held.forEach(this::giveBack);
        held.clear();
        boolean clean = random.nextBoolean();
        LogContext.Checkpoints checkpoints = LogFixture.crashed(log);
        if (clean) {
            log.close();
            checkpoints = LogFixture.closed(log);
        }
        open(checkpoints);
        return clean ? "reopen" : "crash";
    }

    private void hold() {
        if (model.logStart < model.logEnd) {
            long offset = model.logStart + random.nextLong(model.logEnd - model.logStart);
            LogSlice slice = log.read(offset, 2000, Long.MAX_VALUE, ReadSize.WHOLE_FIRST_BATCH);
            held.add(new HeldSlice(slice, bytesOf(slice)));
        }
        while (held.size() > MAX_HELD) {
            giveBack(held.remove(random.nextInt(held.size())));
        }
    }

    private void giveBack(HeldSlice one) {
        assertThat(bytesOf(one.slice())).isEqualTo(one.bytes());
        one.slice().close();
    }

    private void compare() throws IOException {
        assertThat(log.logStartOffset()).isEqualTo(model.logStart);
        assertThat(log.logEndOffset()).isEqualTo(model.logEnd);
        assertThat(log.lastStableOffset(model.logEnd)).isEqualTo(model.lastStable());
        Map<Long, Producer> producers = new TreeMap<>();
        log.producers()
                .active()
                .forEach(p -> producers.put(p.producerId(), new Producer(p.lastSequence(), p.currentTxnStartOffset())));
        assertThat(producers).isEqualTo(model.producers());
        assertThatThrownBy(() -> log.read(model.logEnd + 1, 10, Long.MAX_VALUE, ReadSize.STRICT))
                .isInstanceOf(LogException.class);
        Set<Long> segments = segments();
        for (int i = 0; i < 4; i++) {
            compareRead(segments);
            compareQueries();
        }
    }

    private void compareRead(Set<Long> segments) {
        long offset = model.logStart + random.nextLong(model.logEnd - model.logStart + 1);
        long limit = random.nextBoolean() ? Long.MAX_VALUE : offset + random.nextInt(100);
        int maxBytes = 1 + random.nextInt(5000);
        ReadSize readSize = random.nextBoolean() ? ReadSize.STRICT : ReadSize.WHOLE_FIRST_BATCH;
        List<Batch> expected = offset < limit ? model.readable(offset, limit) : List.of();
        try (LogSlice slice = log.read(offset, maxBytes, limit, readSize)) {
            byte[] bytes = bytesOf(slice);
            int position = 0;
            int count = 0;
            for (Batch batch : expected) {
                if (position == bytes.length) {
                    break;
                }
                assertThat(ByteBuffer.wrap(bytes, position, batch.bytes().length))
                        .isEqualTo(ByteBuffer.wrap(batch.bytes()));
                position += batch.bytes().length;
                count++;
            }
            assertThat(position).isEqualTo(bytes.length);
            assertThat(count <= 1 || bytes.length <= maxBytes).isTrue();
            if (count < expected.size()) {
                Batch next = expected.get(count);
                boolean tooLarge =
                        bytes.length + next.bytes().length > maxBytes && (count > 0 || readSize == ReadSize.STRICT);
                assertThat(tooLarge || (count > 0 && segments.contains(next.base())))
                        .as("slice of %s batches ends before %s", count, next)
                        .isTrue();
                assertThat(count == 0 || slice.nextOffset() == next.base()).isTrue();
            }
        }
    }

    private void compareQueries() {
        long limit = random.nextBoolean() ? Long.MAX_VALUE : model.logEnd - random.nextInt(30);
        long timestamp = fixture.clock.millis() - random.nextInt(200_000);
        assertThat(log.firstAtOrAfter(timestamp, limit).map(f -> new Found(f.offset(), f.timestamp(), f.leaderEpoch())))
                .isEqualTo(model.firstAtOrAfter(timestamp, limit));
        assertThat(log.latestMaxTimestamp(limit).map(f -> new Found(f.offset(), f.timestamp(), f.leaderEpoch())))
                .isEqualTo(model.newest(limit));
        long from = model.logStart + random.nextLong(model.logEnd - model.logStart + 1);
        long upTo = from + random.nextInt(100);
        assertThat(log.abortedTransactions(from, upTo).stream()
                        .map(a -> new Aborted(a.producerId(), a.firstOffset(), a.lastOffset())))
                .isEqualTo(model.aborted(from, upTo));
    }

    private TreeSet<Long> segments() throws IOException {
        try (Stream<Path> files = Files.list(log.directory())) {
            return files.flatMap(file -> FileNames.offsetIn(file.getFileName().toString(), FileNames.LOG).stream()
                            .boxed())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static byte[] bytesOf(LogSlice slice) {
        ByteBuffer bytes = ByteBuffer.allocate(slice.sizeInBytes());
        slice.readInto(bytes);
        Batches batches = Batches.in(bytes.flip());
        while (batches.hasNext()) {
            assertThat(batches.next().checksumMatches()).isTrue();
        }
        return bytes.array();
    }

    private static byte[] copy(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return copy;
    }
}
