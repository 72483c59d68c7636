package io.milena.log;

import static io.milena.log.LogFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.milena.log.batch.AppendOrigin;
import io.milena.log.batch.BatchBuilder;
import io.milena.log.batch.ControlRecord;
import io.milena.log.compress.Compression;
import io.milena.log.producer.ActiveProducer;
import io.milena.log.segment.AbortedTransaction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damages a small log at every byte and opens it as after a crash: what comes back is a prefix of what was appended, with
 * everything that was made durable before, and opening it again changes nothing.
 */
class RecoveryCrashTest {
    private static final int BASE_OFFSET_END = 8;
    private static final int LENGTH_END = 12;
    private static final int EPOCH_END = 16;

    @TempDir(factory = MemoryDisk.class)
    Path temporary;

    private final LogFixture fixture = new LogFixture();
    /** The batches in the order they were appended, each with what was known of the log after it. */
    private final List<Appended> appended = new ArrayList<>();

    private record Appended(long segment, int position, int size, Known after) {
        boolean isBefore(long otherSegment, int otherPosition) {
            return segment < otherSegment || (segment == otherSegment && position + size <= otherPosition);
        }
    }

    /** Everything a log tells. */
    private record Known(
            long logEnd,
            List<String> values,
            Map<Integer, Long> epochs,
            List<ActiveProducer> producers,
            List<AbortedTransaction> aborted,
            long lastStable) {}

    @AfterEach
    void leasesAreBack() {
        fixture.assertNothingLeased();
    }

    @Test
    void shouldRecoverAPrefixFromACutAtEveryByte() throws IOException {
        Path original = writeLog(0);
        byte[] content = Files.readAllBytes(segmentFile(original, 0));
        for (int cut = 0; cut <= content.length; cut++) {
            Path damaged = copy(original);
            Files.write(segmentFile(damaged, 0), Arrays.copyOf(content, cut));
            assertThat(recoverTwice(damaged, "cut at " + cut))
                    .as("cut at %s", cut)
                    .isEqualTo(before(0, cut));
        }
    }

    @Test
    void shouldRecoverAPrefixFromAFlipOfEveryByte() throws IOException {
        Path original = writeLog(0);
        byte[] content = Files.readAllBytes(segmentFile(original, 0));
        for (int flip = 0; flip < content.length; flip++) {
            Path damaged = copy(original);
            content[flip] ^= 0x15;
            Files.write(segmentFile(damaged, 0), content);
            content[flip] ^= 0x15;
            Known known = recoverTwice(damaged, "flip at " + flip);
            if (underChecksum(flip)) {
                assertThat(known).as("flip at %s", flip).isEqualTo(before(0, flip));
            } else {
                // Offset and epoch can only be judged by what surrounds them; the records are still a prefix.
                List<String> all = texts(last().values());
                assertThat(all.subList(0, known.values().size())).isEqualTo(texts(known.values()));
            }
        }
    }

    @Test
    void shouldEndTheLogAtADamageInTheMiddle() throws IOException {
        Path original = writeLog(14);
        List<Long> segments =
                appended.stream().map(Appended::segment).distinct().toList();
        assertThat(segments).hasSizeGreaterThan(2);
        for (long segment : segments) {
            byte[] content = Files.readAllBytes(segmentFile(original, segment));
            for (int flip = EPOCH_END; flip < content.length; flip += 61) {
                Path damaged = copy(original);
                byte[] wrong = content.clone();
                wrong[flip] ^= 0x15;
                Files.write(segmentFile(damaged, segment), wrong);
                Known known = recoverTwice(damaged, "flip at " + segment + "/" + flip);
                if (underChecksum(segment, flip)) {
                    assertThat(known).as("flip at %s/%s", segment, flip).isEqualTo(before(segment, flip));
                }
            }
        }
    }

    @Test
    void shouldKeepEverythingThatWasMadeDurable() throws IOException {
        Path original = temporary.resolve("flushed-0");
        PartitionLog log = PartitionLog.open(original, LogFixture.SMALL, fixture.context());
        append(log, 3);
        log.flush();
        long durable = log.recoveryPoint();
        LogContext.Checkpoints crashed = LogFixture.crashed(log);
        assertThat(durable).isEqualTo(log.logEndOffset());
        int from = (int) log.sizeInBytes();
        append(log, 2);
        byte[] content = Files.readAllBytes(segmentFile(original, 0));
        for (int cut = from; cut < content.length; cut += 3) {
            Path damaged = copy(original);
            Files.write(segmentFile(damaged, 0), Arrays.copyOf(content, cut));
            try (PartitionLog recovered = PartitionLog.open(damaged, LogFixture.SMALL, fixture.context(crashed))) {
                assertThat(recovered.logEndOffset()).isGreaterThanOrEqualTo(durable);
                assertThat(known(recovered)).isEqualTo(before(0, cut));
            }
        }
    }

    @Test
    void shouldDoWithoutAnyFileButTheData() throws IOException {
        Path original = writeLog(8);
        try (Stream<Path> files = Files.list(original)) {
            for (Path file : files.toList()) {
                if (!file.toString().endsWith(".log")) {
                    Path damaged = copy(original);
                    Files.delete(damaged.resolve(file.getFileName()));
                    Known expected = last();
                    assertThat(recoverTwice(damaged, "without " + file))
                            .as("without %s", file)
                            .isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void shouldDoWithoutIndexesAfterACleanStop() throws IOException {
        Path original = writeLog(8);
        PartitionLog closed = PartitionLog.open(original, LogFixture.SMALL.withSegmentBytes(2048), fixture.context());
        closed.close();
        LogContext.Checkpoints clean = LogFixture.closed(closed);
        try (Stream<Path> files = Files.list(original)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                Path damaged = copy(original);
                if (name.endsWith(".index") || name.endsWith(".timeindex")) {
                    Files.delete(damaged.resolve(name));
                } else if (name.endsWith(".txnindex")) {
                    Files.write(damaged.resolve(name), new byte[] {1, 2, 3});
                }
                try (PartitionLog log = PartitionLog.open(damaged, LogFixture.SMALL, fixture.context(clean))) {
                    assertThat(known(log)).as("without %s", name).isEqualTo(last());
                }
            }
        }
    }

    @Test
    void shouldReadEverythingWithAnyWrongByteInTheOffsetIndexes() throws IOException {
        Path original = writeLog(8);
        PartitionLog closed = PartitionLog.open(original, LogFixture.SMALL.withSegmentBytes(2048), fixture.context());
        closed.close();
        LogContext.Checkpoints clean = LogFixture.closed(closed);
        try (Stream<Path> files = Files.list(original)) {
            for (Path index :
                    files.filter(file -> file.toString().endsWith(".index")).toList()) {
                byte[] content = Files.readAllBytes(index);
                for (int flip = 0; flip < content.length; flip++) {
                    Path damaged = copy(original);
                    byte[] wrong = content.clone();
                    wrong[flip] ^= 0x15;
                    Files.write(damaged.resolve(index.getFileName()), wrong);
                    try (PartitionLog log = PartitionLog.open(damaged, LogFixture.SMALL, fixture.context(clean))) {
                        for (int i = 0; i < last().values().size(); i++) {
                            assertThat(LogFixture.readAll(log, i, 300))
                                    .as("flip at %s/%s", index, flip)
                                    .isEqualTo(last().values()
                                            .subList(i, last().values().size()));
                        }
                    }
                }
            }
        }
    }

    /** A log with plain, compressed and transactional batches, without its proper close. */
    private Path writeLog(int more) throws IOException {
        Path folder = temporary.resolve("original-0");
        PartitionLog log = PartitionLog.open(folder, LogFixture.SMALL.withSegmentBytes(2048), fixture.context());
        append(log, 3 + more);
        transaction(log, ControlRecord.Type.ABORT);
        append(log, 1 + more);
        transaction(log, ControlRecord.Type.COMMIT);
        append(log, more);
        return folder;
    }

    private void append(PartitionLog log, int count) {
        for (int i = 0; i < count; i++) {
            BatchBuilder builder = new BatchBuilder().compression(i % 3 == 2 ? Compression.GZIP : Compression.NONE);
            for (int j = 0; j <= i % 2; j++) {
                builder.append(fixture.clock.millis(), null, bytes("value " + appended.size() + " " + j));
            }
            append(log, builder.build().bytes(), AppendOrigin.CLIENT);
        }
    }

    private void transaction(PartitionLog log, ControlRecord.Type end) {
        int sequence = end == ControlRecord.Type.ABORT ? 0 : 1;
        BatchBuilder builder =
                new BatchBuilder().producer(7, (short) 0, sequence).transactional();
        append(log, builder.append(5, null, bytes("t")).build().bytes(), AppendOrigin.CLIENT);
        append(log, new ControlRecord(end, 1).toBatch(7, (short) 0, 6).bytes(), AppendOrigin.COORDINATOR);
    }

    private void append(PartitionLog log, ByteBuffer batch, AppendOrigin origin) {
        int size = batch.remaining();
        AppendResult result = log.append(batch, appended.size() / 4, origin);
        long segment =
                appended.isEmpty() ? 0 : appended.get(appended.size() - 1).segment();
        int position = appended.isEmpty()
                ? 0
                : appended.get(appended.size() - 1).position()
                        + appended.get(appended.size() - 1).size();
        if (Files.exists(segmentFile(log.directory(), result.firstOffset())) && result.firstOffset() > 0) {
            segment = result.firstOffset();
            position = 0;
        }
        appended.add(new Appended(segment, position, size, known(log)));
    }

    private static Known known(PartitionLog log) {
        List<ActiveProducer> producers = new ArrayList<>(log.producers().active());
        producers.sort(Comparator.comparing(ActiveProducer::producerId));
        return new Known(
                log.logEndOffset(),
                LogFixture.readAll(log, 0, 700),
                log.leaderEpochs().startOffsets(),
                producers,
                log.abortedTransactions(0, Long.MAX_VALUE),
                log.lastStableOffset(log.logEndOffset()));
    }

    private Known last() {
        return appended.get(appended.size() - 1).after();
    }

    private Known before(long segment, int position) {
        Known known = new Known(0, List.of(), Map.of(), List.of(), List.of(), 0);
        for (Appended batch : appended) {
            if (!batch.isBefore(segment, position)) {
                break;
            }
            known = batch.after();
        }
        return known;
    }

    private boolean underChecksum(int position) {
        return underChecksum(0, position);
    }

    private boolean underChecksum(long segment, int position) {
        for (Appended batch : appended) {
            int within = position - batch.position();
            if (batch.segment() == segment && within >= 0 && within < batch.size()) {
                return within >= EPOCH_END || (within >= BASE_OFFSET_END && within < LENGTH_END);
            }
        }
        return true;
    }

    private Known recoverTwice(Path folder, String damage) {
        LogSettings settings = LogFixture.SMALL.withSegmentBytes(2048);
        Known once = known(PartitionLog.open(folder, settings, fixture.context()));
        Known twice = known(PartitionLog.open(folder, settings, fixture.context()));
        assertThat(twice).as(damage).isEqualTo(once);
        return once;
    }

    private static List<String> texts(List<String> values) {
        return values.stream().map(value -> value.substring(value.indexOf(':'))).toList();
    }

    private static Path segmentFile(Path folder, long baseOffset) {
        return folder.resolve(String.format("%020d.log", baseOffset));
    }

    private Path copy(Path original) throws IOException {
        Path copy = temporary.resolve("copy-0");
        if (Files.exists(copy)) {
            DeletedFolder.remove(copy);
        }
        Files.createDirectory(copy);
        try (Stream<Path> files = Files.list(original)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        return copy;
    }
}
