package io.milena.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.log.batch.AppendOrigin;
import io.milena.log.batch.BatchBuilder;
import io.milena.log.batch.Batches;
import io.milena.log.batch.Record;
import io.milena.log.batch.RecordBatch;
import io.milena.log.batch.RecordIterator;
import io.milena.log.segment.OpenFiles;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** What tests of a log need: a clock that is moved by hand, small caches, and batches. */
final class LogFixture {
    static final LogSettings SMALL = LogSettings.DEFAULTS
            .withSegmentBytes(4096)
            .withIndexIntervalBytes(256)
            .withFileDeleteDelayMs(0);

    static final int STRETCH_BYTES = 500;
    static final int BUSY_BYTES = 2000;

    final OpenFiles openFiles = OpenFiles.withReserve(3, 4096, STRETCH_BYTES, 1, BUSY_BYTES);
    final ManualClock clock = new ManualClock();

    LogContext context() {
        return context(LogContext.NO_CHECKPOINTS);
    }

    LogContext context(LogContext.Checkpoints checkpoints) {
        return new LogContext(clock, Runnable::run, openFiles, checkpoints);
    }

    /** The checkpoints a proper close of a log would leave behind. */
    static LogContext.Checkpoints closed(PartitionLog log) {
        return checkpoints(true, log);
    }

    /** The checkpoints of a log at this moment, without a proper close. */
    static LogContext.Checkpoints crashed(PartitionLog log) {
        return checkpoints(false, log);
    }

    static LogContext.Checkpoints checkpoints(boolean clean, PartitionLog log) {
        long recoveryPoint = log.recoveryPoint();
        long logStartOffset = log.logStartOffset();
        long firstDirtyOffset = log.firstDirtyOffset();
        return new LogContext.Checkpoints() {
            @Override
            public boolean cleanShutdown() {
                return clean;
            }

            @Override
            public long recoveryPoint(Path partitionFolder) {
                return recoveryPoint;
            }

            @Override
            public long logStartOffset(Path partitionFolder) {
                return logStartOffset;
            }

            @Override
            public long firstDirtyOffset(Path partitionFolder) {
                return firstDirtyOffset;
            }
        };
    }

    void assertNothingLeased() {
        assertThat(openFiles.leases()).as("leases not given back").isZero();
    }

    static ByteBuffer batch(long timestamp, String... values) {
        BatchBuilder builder = new BatchBuilder();
        for (String value : values) {
            builder.append(timestamp, null, bytes(value));
        }
        return builder.build().bytes();
    }

    static ByteBuffer bytes(String value) {
        return ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8));
    }

    static AppendResult append(PartitionLog log, String... values) {
        return log.append(batch(1000, values), 1, AppendOrigin.CLIENT);
    }

    /** All values from an offset on, read in slices of a limited size, as {@code offset:value}. */
    static List<String> readAll(PartitionLog log, long fromOffset, int maxBytes) {
        List<String> values = new ArrayList<>();
        long offset = fromOffset;
        while (offset < log.logEndOffset()) {
            try (LogSlice slice = log.read(offset, maxBytes, Long.MAX_VALUE, ReadSize.WHOLE_FIRST_BATCH)) {
                if (slice.isEmpty()) {
                    break;
                }
                for (Record record : records(slice)) {
                    if (record.offset() >= offset) {
                        values.add(record.offset() + ":" + text(record));
                    }
                }
                offset = slice.nextOffset();
            }
        }
        return values;
    }

    static List<Record> records(LogSlice slice) {
        ByteBuffer bytes = ByteBuffer.allocate(slice.sizeInBytes());
        slice.readInto(bytes);
        List<Record> records = new ArrayList<>();
        Batches batches = Batches.in(bytes.flip());
        while (batches.hasNext()) {
            RecordBatch batch = batches.next();
            assertThat(batch.checksumMatches()).as("%s", batch).isTrue();
            try (RecordIterator iterator = batch.records()) {
                iterator.forEachRemaining(records::add);
            }
        }
        return records;
    }

    static String text(Record record) {
        ByteBuffer value = record.value();
        return value == null
                ? "null"
                : StandardCharsets.UTF_8.decode(value.duplicate()).toString();
    }

    /** Time that stands still until it is moved. */
    static final class ManualClock extends Clock {
        private long nowMs = 1_000_000;

        void advance(long ms) {
            nowMs += ms;
        }

        @Override
        public long millis() {
            return nowMs;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(nowMs);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
