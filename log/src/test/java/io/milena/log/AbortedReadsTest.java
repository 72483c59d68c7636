package io.milena.log;

import static io.milena.log.CompactionFixture.appendIn;
import static io.milena.log.CompactionFixture.mark;
import static org.assertj.core.api.Assertions.assertThat;

import io.milena.log.batch.ControlRecord;
import io.milena.log.segment.AbortedTransaction;
import io.milena.log.segment.FileNames;
import io.milena.log.segment.OpenFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A long log of nothing but aborted transactions: a reader pays for those it reads through, not for all there are. */
class AbortedReadsTest {
    private static final int ROUNDS = 1_000;
    /** Transactions that are open at the same time; each round is a record of each, and then an end of each. */
    private static final int PRODUCERS = 10;

    private static final int ROUND_OFFSETS = 2 * PRODUCERS;
    private static final LogSettings SETTINGS = LogFixture.SMALL.withSegmentBytes(50_000);
    private static final int FETCH_BYTES = 4_000;

    private final OpenFiles filling = OpenFiles.withDefaults(Runnable::run);
    /** Keeps no indexes, so that each look at one is seen. */
    private final OpenFiles reading = new OpenFiles(10, 0, Runnable::run);

    private PartitionLog log;

    @TempDir
    Path folder;

    @BeforeEach
    void fill() throws IOException {
        log = PartitionLog.open(folder, SETTINGS, context(filling, LogContext.NO_CHECKPOINTS));
        for (int round = 0; round < ROUNDS; round++) {
            for (int producer = 0; producer < PRODUCERS; producer++) {
                appendIn(log, producer, round, "key", "value");
            }
            for (int producer = 0; producer < PRODUCERS; producer++) {
                mark(log, producer, ControlRecord.Type.ABORT);
            }
        }
        LogContext.Checkpoints checkpoints = LogFixture.closed(log);
        log.close();
        log = PartitionLog.open(folder, SETTINGS, context(reading, checkpoints));
    }

    private static LogContext context(OpenFiles openFiles, LogContext.Checkpoints checkpoints) {
        return new LogContext(Clock.systemUTC(), Runnable::run, openFiles, checkpoints);
    }

    @AfterEach
    void close() {
        log.close();
        assertThat(reading.leases()).isZero();
    }

    @Test
    void shouldTellAReaderOnlyOfWhatItReadsThrough() throws IOException {
        List<Long> segments = baseOffsets();
        assertThat(segments).hasSizeGreaterThan(20);
        long read = segments.get(segments.size() / 2);
        removeIndexesBut(read);

        long offset = read + ROUND_OFFSETS + 1;
        for (int fetch = 0; fetch < 5; fetch++) {
            long next;
            try (LogSlice slice = log.read(offset, FETCH_BYTES, log.logEndOffset(), ReadSize.STRICT)) {
                next = slice.nextOffset();
            }
            List<AbortedTransaction> told = log.abortedTransactions(offset, next);
            assertThat(told).isEqualTo(touching(offset, next)).hasSizeBetween(1, FETCH_BYTES / 50);
            offset = next;
        }
        // Had another segment been asked, its indexes would have been made anew.
        assertThat(indexes(read)).isNotEmpty().isEqualTo(files(FileNames.INDEX_KINDS));
    }

    /** The transactions that have records in a range of offsets, in the order of their ends. */
    private static List<AbortedTransaction> touching(long from, long upTo) {
        List<AbortedTransaction> touching = new ArrayList<>();
        for (long start = 0; start < upTo; start += ROUND_OFFSETS) {
            for (int producer = 0; producer < PRODUCERS; producer++) {
                long first = start + producer;
                long last = first + PRODUCERS;
                if (first < upTo && last >= from) {
                    long stable = producer < PRODUCERS - 1 ? first + 1 : last + 1;
                    touching.add(new AbortedTransaction(producer, first, last, stable));
                }
            }
        }
        return touching;
    }

    private List<Long> baseOffsets() throws IOException {
        return files(List.of(FileNames.LOG)).stream()
                .map(file -> FileNames.offsetIn(file, FileNames.LOG).orElseThrow())
                .sorted()
                .toList();
    }

    private void removeIndexesBut(long baseOffset) throws IOException {
        Set<String> removed = files(FileNames.INDEX_KINDS);
        removed.removeAll(indexes(baseOffset));
        for (String file : removed) {
            Files.delete(folder.resolve(file));
        }
    }

    private Set<String> indexes(long baseOffset) {
        return FileNames.INDEX_KINDS.stream()
                .map(kind ->
                        FileNames.of(folder, baseOffset, kind).getFileName().toString())
                .collect(Collectors.toSet());
    }

    private Set<String> files(List<String> kinds) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> kinds.stream().anyMatch(name::endsWith))
                    .collect(Collectors.toSet());
        }
    }
}
