package io.milena.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.log.batch.AppendOrigin;
import io.milena.log.batch.BatchBuilder;
import io.milena.log.batch.ControlRecord;
import io.milena.log.batch.RecordBatch;
import io.milena.log.compress.Compression;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.common.record.internal.FileLogInputStream.FileChannelRecordBatch;
import org.apache.kafka.common.record.internal.FileRecords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of a log as Kafka's own classes and its description of the formats see them. */
class KafkaLayoutTest {
    @TempDir
    Path folder;

    private final LogFixture fixture = new LogFixture();

    @Test
    void shouldWriteSegmentsThatKafkaReadsAndIndexesThatFitThem() throws IOException {
        writeLog();
        long expected = 0;
        int entries = 0;
        for (Path file : files(".log")) {
            long base = Long.parseLong(file.getFileName().toString().replace(".log", ""));
            assertThat(base).isEqualTo(expected);
            List<FileChannelRecordBatch> batches = new ArrayList<>();
            try (FileRecords records = FileRecords.open(file.toFile())) {
                for (FileChannelRecordBatch batch : records.batches()) {
                    batch.ensureValid();
                    assertThat(batch.baseOffset()).isEqualTo(expected);
                    expected = batch.nextOffset();
                    batches.add(batch);
                }
                assertThat(batches.stream()
                                .mapToInt(FileChannelRecordBatch::sizeInBytes)
                                .sum())
                        .isEqualTo((int) Files.size(file));
                entries += checkIndexes(file, base, batches);
            }
        }
        assertThat(entries).isGreaterThan(10);
        assertThat(files(".index")).hasSameSizeAs(files(".log"));
        assertThat(files(".snapshot")).hasSameSizeAs(files(".log"));
        assertThat(Files.readString(folder.resolve("leader-epoch-checkpoint"))).startsWith("0\n4\n0 0\n1 ");
    }

    @Test
    void shouldLeaveTheTimeIndexEmptyIfNoRecordHasATime() throws IOException {
        try (PartitionLog log = PartitionLog.open(folder, LogFixture.SMALL, fixture.context())) {
            for (int i = 0; i < 100; i++) {
                log.append(LogFixture.batch(RecordBatch.NO_TIMESTAMP, "value"), 0, AppendOrigin.CLIENT);
            }
        }
        assertThat(files(".timeindex"))
                .isNotEmpty()
                .allMatch(file -> file.toFile().length() == 0);
        assertThat(files(".index")).allMatch(file -> file.toFile().length() > 0);
    }

    private static int checkIndexes(Path log, long base, List<FileChannelRecordBatch> batches) throws IOException {
        ByteBuffer offsets = bytesOf(log, ".index");
        int entries = offsets.remaining() / 8;
        while (offsets.hasRemaining()) {
            long offset = base + offsets.getInt();
            int position = offsets.getInt();
            assertThat(batches).anyMatch(batch -> batch.position() == position && batch.lastOffset() == offset);
        }
        ByteBuffer times = bytesOf(log, ".timeindex");
        long timestamp = -1;
        while (times.hasRemaining()) {
            long before = timestamp;
            timestamp = times.getLong();
            long named = timestamp;
            long offset = base + times.getInt();
            assertThat(named).isGreaterThan(before);
            assertThat(batches).anyMatch(batch -> batch.maxTimestamp() == named && batch.lastOffset() == offset);
        }
        assertThat(timestamp)
                .isEqualTo(batches.stream()
                        .mapToLong(FileChannelRecordBatch::maxTimestamp)
                        .max()
                        .orElse(-1));
        return entries;
    }

    private static ByteBuffer bytesOf(Path log, String kind) throws IOException {
        String name = log.getFileName().toString().replace(".log", kind);
        return ByteBuffer.wrap(Files.readAllBytes(log.resolveSibling(name)));
    }

    private List<Path> files(String kind) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(kind)).sorted().toList();
        }
    }

    private void writeLog() {
        Random random = new Random(1);
        LogSettings settings = LogFixture.SMALL.withSegmentBytes(16_384).withIndexIntervalBytes(1024);
        try (PartitionLog log = PartitionLog.open(folder, settings, fixture.context())) {
            for (int i = 0; i < 200; i++) {
                fixture.clock.advance(random.nextInt(1000));
                BatchBuilder builder = new BatchBuilder();
                if (i % 7 == 0) {
                    builder.producer(7, (short) 0, i / 7).transactional();
                } else {
                    builder.compression(Compression.values()[i % Compression.values().length]);
                }
                for (int j = 0; j <= i % 5 && (j == 0 || i % 7 != 0); j++) {
                    long timestamp = fixture.clock.millis() - random.nextInt(3000);
                    builder.append(timestamp, null, LogFixture.bytes("v".repeat(random.nextInt(300))));
                }
                log.append(builder.build().bytes(), i / 50, AppendOrigin.CLIENT);
                if (i % 7 == 0) {
                    ControlRecord.Type type = i % 2 == 0 ? ControlRecord.Type.ABORT : ControlRecord.Type.COMMIT;
                    ByteBuffer marker = new ControlRecord(type, 1)
                            .toBatch(7, (short) 0, fixture.clock.millis())
                            .bytes();
                    log.append(marker, i / 50, AppendOrigin.COORDINATOR);
                }
            }
        }
    }
}
