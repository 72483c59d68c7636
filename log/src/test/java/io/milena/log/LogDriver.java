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
import java.util.stream.Stream;

/** Does random things to a log and to a model of it, and compares all that a reader can see. */
final class LogDriver {
    final LogModel model = new LogModel();
    private final LogFixture.ManualClock clock;
    private final Random random;
    private final List<Batch> unacknowledged = new ArrayList<>();
    private PartitionLog log;
    private int epoch = 1;
    private boolean transactions = true;
    private long keys;
    private long recordsChecked;

    /** A driver of an empty log. */
    LogDriver(LogFixture.ManualClock clock, Random random, PartitionLog log) {
        this.clock = clock;
        this.random = random;
        this.log = log;
    }

    PartitionLog log() {
        return log;
    }

    /** Goes on with the same log, opened again. */
    void log(PartitionLog opened) {
        log = opened;
    }

    /** Lets no transactions begin, and gives each record a key of its own, so that compaction leaves everything. */
    void forCompaction() {
        transactions = false;
    }

    /** Adds to the model what was written before an append failed, and was found again below an offset. */
    void foundAgain(long end) {
        unacknowledged.stream()
                .filter(batch -> batch.base() == model.logEnd && batch.last() < end)
                .forEach(model::add);
        unacknowledged.clear();
    }

    /** What was written before an append failed is gone. */
    void notFoundAgain() {
        unacknowledged.clear();
    }

    long recordsChecked() {
        return recordsChecked;
    }

    private BatchBuilder randomBatch(List<Long> timestamps) {
        BatchBuilder builder = new BatchBuilder();
        if (random.nextInt(4) == 0) {
            builder.compression(Compression.values()[random.nextInt(Compression.values().length)]);
        }
        int count = 1 + random.nextInt(random.nextInt(10) == 0 ? 30 : 4);
        for (int i = 0; i < count; i++) {
            timestamps.add(clock.millis() - random.nextInt(5000));
        }
        return builder;
    }

    private RecordBatch fill(BatchBuilder builder, List<Long> timestamps) {
        for (long timestamp : timestamps) {
            ByteBuffer key = transactions ? null : LogFixture.bytes("k" + keys++);
            builder.append(timestamp, key, LogFixture.bytes("v".repeat(random.nextInt(60))));
        }
        return builder.build();
    }

    String append() {
        List<Long> timestamps = new ArrayList<>();
        BatchBuilder builder = randomBatch(timestamps);
        long producerId = transactions && random.nextInt(3) == 0 ? random.nextInt(4) : -1;
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
        return "append at " + result.firstOffset();
    }

    String replicate() {
        List<Batch> all = new ArrayList<>();
        long next = model.logEnd;
        for (int i = 1 + random.nextInt(20); i > 0; i--) {
            List<Long> timestamps = new ArrayList<>();
            RecordBatch batch = fill(randomBatch(timestamps), timestamps);
            batch.assign(next, epoch);
            all.add(new Batch(next, timestamps, copy(batch.bytes()), epoch, -1, -1, false, null));
            next = batch.nextOffset();
        }
        ByteBuffer together = ByteBuffer.allocateDirect(
                all.stream().mapToInt(batch -> batch.bytes().length).sum());
        all.forEach(batch -> together.put(batch.bytes()));
        List<Batch> written = new ArrayList<>();
        try {
            AppendResult result = log.appendReplicated(together.flip());
            assertThat(result.lastOffset()).isEqualTo(next - 1);
        } finally {
            all.forEach(batch -> (batch.last() < log.logEndOffset() ? written : unacknowledged).add(batch));
            written.forEach(model::add);
        }
        return "replicate " + all.size();
    }

    String endTransaction() {
        for (Map.Entry<Long, Producer> producer : model.producers().entrySet()) {
            if (producer.getValue().transactionStart() >= 0) {
                boolean abort = random.nextBoolean();
                ControlRecord.Type type = abort ? ControlRecord.Type.ABORT : ControlRecord.Type.COMMIT;
                ByteBuffer bytes = new ControlRecord(type, 1)
                        .toBatch(producer.getKey(), (short) 0, clock.millis())
                        .bytes();
                long offset = log.append(bytes, epoch, AppendOrigin.COORDINATOR).firstOffset();
                List<Long> timestamps = List.of(clock.millis());
                int last = producer.getValue().lastSequence();
                model.add(new Batch(offset, timestamps, copy(bytes), epoch, producer.getKey(), last, true, abort));
                return "end transaction of " + producer.getKey();
            }
        }
        return "nothing";
    }

    void compare() throws IOException {
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
                recordsChecked += batch.timestamps().size();
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
        long timestamp = clock.millis() - random.nextInt(200_000);
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

    /** The bytes of each batch in the log. */
    List<byte[]> readAll() {
        List<byte[]> batches = new ArrayList<>();
        CompactionFixture.batches(log).forEach(batch -> batches.add(copy(batch.bytes())));
        return batches;
    }

    TreeSet<Long> segments() throws IOException {
        try (Stream<Path> files = Files.list(log.directory())) {
            return files.flatMap(file -> FileNames.offsetIn(file.getFileName().toString(), FileNames.LOG).stream()
                            .boxed())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    static byte[] bytesOf(LogSlice slice) {
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
