package io.milena.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.milena.log.LogModel.Batch;
import io.milena.log.batch.Batches;
import io.milena.log.batch.RecordBatch;
import io.milena.log.producer.ActiveProducer;
import io.milena.log.segment.TimestampedOffset;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/**
 * Flips bits in every file of a folder with two logs and opens them again, after a clean and after an unclean stop. Damage
 * costs at most the records it hits: all others are there, queries and states are right, and the other log is whole. Every
 * byte with {@code -Dflips=1}, or in 25 pieces with {@code -Dflips=25 -Dfirst-flip=0} to {@code 24}.
 */
class DamageTest {
    /** One of how many bytes of a file is hit; of small files about ten times as many. */
    private static final int EVERY = Integer.getInteger("flips", 251);

    private static final int FIRST = Integer.getInteger("first-flip", 0);

    private static final int[] MASKS = {0x01, 0x10, 0x80};
    private static final UUID TOPIC_ID = new UUID(1, 2);
    private static long flips;
    private static long reported;

    @TempDir(factory = MemoryDisk.class)
    Path temporary;

    private final LogFixture fixture = new LogFixture();
    private final List<Damage> found = new ArrayList<>();
    private LogDriver driver;
    private Known expected;

    /** What a log tells but for its records. */
    private record Known(
            long start,
            long end,
            Map<Integer, Long> epochs,
            List<ActiveProducer> producers,
            List<LogModel.Aborted> aborted,
            List<Optional<TimestampedOffset>> times) {}

    @BeforeEach
    void expectDamage() {
        ((Logger) LoggerFactory.getLogger("io.milena.log")).setLevel(Level.OFF);
    }

    @AfterEach
    void leasesAreBack() {
        ((Logger) LoggerFactory.getLogger("io.milena.log")).setLevel(null);
        fixture.assertNothingLeased();
    }

    @AfterAll
    static void report() {
        LoggerFactory.getLogger("figures.DamageTest").info("flips={} withReport={}", flips, reported);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldCostAtMostTheDamagedRecords(boolean clean) throws IOException {
        Path original = write(clean);
        for (Path file : files(original)) {
            byte[] content = Files.readAllBytes(file);
            boolean data = file.toString().endsWith(".log");
            int step = data ? EVERY : 1 + EVERY / 10;
            for (int at = FIRST % step; at < content.length; at += step) {
                int mask = MASKS[at % MASKS.length];
                Path damaged = copy(original);
                byte[] wrong = content.clone();
                wrong[at] ^= (byte) mask;
                Files.write(damaged.resolve(original.relativize(file)), wrong);
                flips++;
                found.clear();
                try {
                    check(damaged, file.getFileName().toString());
                } catch (AssertionError | RuntimeException e) {
                    throw new AssertionError(original.relativize(file) + " byte " + at + " mask " + mask, e);
                }
                reported += found.isEmpty() ? 0 : 1;
            }
        }
    }

    private Path write(boolean clean) throws IOException {
        Path original = temporary.resolve("original");
        LogDirectory directory = LogDirectory.open(original);
        LogContext context = directory.context(fixture.clock, Runnable::run, fixture.openFiles);
        Path folder = directory.create("t", 0, TOPIC_ID).path();
        PartitionLog log = PartitionLog.open(folder, LogFixture.SMALL, context);
        PartitionLog other =
                PartitionLog.open(directory.create("t", 1, TOPIC_ID).path(), LogFixture.SMALL, context);
        driver = new LogDriver(fixture.clock, new Random(7), log);
        for (int i = 0; i < 110; i++) {
            fixture.clock.advance(500);
            driver.append();
            if (i % 4 == 3) {
                driver.endTransaction();
            }
            LogFixture.append(other, "other-" + i);
        }
        log.deleteBefore(5);
        driver.model.logStart = 5;
        expected = known(log);
        assertThat(expected.aborted()).isNotEmpty();
        if (clean) {
            log.close();
            other.close();
            directory.markClean(List.of(log, other));
        } else {
            log.flush();
            other.flush();
            directory.checkpoint(List.of(log, other));
        }
        directory.close();
        return original;
    }

    private void check(Path damaged, String file) throws IOException {
        try (LogDirectory directory = LogDirectory.open(damaged)) {
            LogContext context = directory.context(fixture.clock, Runnable::run, fixture.openFiles, found::add);
            for (PartitionFolder folder : directory.partitions()) {
                assertThat(folder.topicId().orElse(TOPIC_ID)).isEqualTo(TOPIC_ID);
            }
            assertThat(directory.partitions()).hasSize(2);
            try (PartitionLog log = PartitionLog.open(damaged.resolve("t-0"), LogFixture.SMALL, context);
                    PartitionLog other = PartitionLog.open(damaged.resolve("t-1"), LogFixture.SMALL, context)) {
                List<String> lost = missing(log);
                if (file.endsWith(".log")) {
                    assertThat(lost).hasSizeLessThanOrEqualTo(1);
                    assertThat(log.logEndOffset()).isGreaterThanOrEqualTo(expected.end());
                    known(log);
                } else {
                    assertThat(lost).isEmpty();
                    assertKnown(known(log), file);
                }
                if (!file.endsWith(".log")) {
                    assertThat(LogFixture.readAll(other, 0, 5000)).hasSize(110);
                }
                assertThat(LogFixture.append(log, "goes on").firstOffset()).isGreaterThanOrEqualTo(expected.end());
            }
        }
    }

    private void assertKnown(Known known, String file) {
        assertThat(known.end()).isEqualTo(expected.end());
        assertThat(known.producers()).isEqualTo(expected.producers());
        if (file.endsWith(".txnindex")) {
            // A wrong first offset that lies in an earlier segment is not told from a right one.
            assertThat(ends(known)).isEqualTo(ends(expected));
        } else {
            assertThat(known.aborted()).isEqualTo(expected.aborted());
        }
        if (file.startsWith("log-start")) {
            assertThat(known.start()).isLessThanOrEqualTo(expected.start());
        } else {
            assertThat(known.start()).isEqualTo(expected.start());
            assertThat(known.times()).isEqualTo(expected.times());
        }
        // A wrong number there that could be a right one is not told from it.
        if (!file.startsWith("leader-epoch")) {
            assertThat(known.epochs()).isEqualTo(expected.epochs());
        }
    }

    private static List<String> ends(Known known) {
        return known.aborted().stream()
                .map(aborted -> aborted.producerId() + " at " + aborted.last())
                .toList();
    }

    /** Reads from each batch on, and counts those that do not come as they were; all others must. */
    private List<String> missing(PartitionLog log) {
        List<String> missing = new ArrayList<>();
        for (Batch batch : driver.model.readable(5, Long.MAX_VALUE)) {
            try (LogSlice slice = log.read(Math.max(5, batch.base()), 1, Long.MAX_VALUE, ReadSize.WHOLE_FIRST_BATCH)) {
                ByteBuffer bytes = ByteBuffer.allocate(slice.sizeInBytes());
                slice.readInto(bytes);
                boolean same = bytes.flip().equals(ByteBuffer.wrap(batch.bytes()));
                if (!same) {
                    missing.add(batch.base() + "-" + batch.last() + " became " + RecordBatch.at(bytes, 0));
                }
                assertThat(same || !isOther(bytes, batch)).isTrue();
            } catch (LogException e) {
                assertThat(e.error()).isEqualTo(LogError.CORRUPT_MESSAGE);
                missing.add(batch.base() + "-" + batch.last() + " " + e.getMessage());
            }
        }
        return missing;
    }

    /** Whether these are sound bytes that claim to be the batch. */
    private static boolean isOther(ByteBuffer bytes, Batch batch) {
        Batches batches = Batches.in(bytes.duplicate());
        RecordBatch first = batches.hasNext() ? batches.next() : null;
        boolean claims = first != null && first.baseOffset() == batch.base() && first.checksumMatches();
        // The leader epoch is not under the checksum.
        return claims && first.partitionLeaderEpoch() == batch.epoch();
    }

    private Known known(PartitionLog log) {
        List<ActiveProducer> producers = new ArrayList<>(log.producers().active());
        producers.sort(Comparator.comparing(ActiveProducer::producerId));
        List<Optional<TimestampedOffset>> times = new ArrayList<>();
        for (long ms = 1_000_000; ms < fixture.clock.millis(); ms += 3_300) {
            times.add(log.firstAtOrAfter(ms, Long.MAX_VALUE));
        }
        times.add(log.latestMaxTimestamp(Long.MAX_VALUE));
        return new Known(
                log.logStartOffset(),
                log.logEndOffset(),
                new TreeMap<>(log.leaderEpochs().startOffsets()),
                producers,
                log.abortedTransactions(0, Long.MAX_VALUE).stream()
                        .map(a -> new LogModel.Aborted(a.producerId(), a.firstOffset(), a.lastOffset()))
                        .toList(),
                times);
    }

    /** All files but those that only say whose folder it is. */
    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().contains("t-1/"))
                    .filter(file -> Files.exists(file) && !file.endsWith(".lock") && !file.endsWith("meta.properties"))
                    .sorted()
                    .toList();
        }
    }

    private Path copy(Path original) throws IOException {
        Path copy = temporary.resolve("copy");
        if (Files.exists(copy)) {
            try (Stream<Path> old = Files.walk(copy)) {
                for (Path file : old.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        try (Stream<Path> all = Files.walk(original)) {
            for (Path file : all.toList()) {
                Files.copy(file, copy.resolve(original.relativize(file)));
            }
        }
        return copy;
    }
}
