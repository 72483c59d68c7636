package io.milena.log;

import static io.milena.log.CompactionFixture.SETTINGS;
import static io.milena.log.CompactionFixture.append;
import static io.milena.log.CompactionFixture.records;
import static org.assertj.core.api.Assertions.assertThat;

import io.milena.log.clean.CleanerSettings;
import io.milena.log.clean.Compactable;
import io.milena.log.clean.Compaction;
import io.milena.log.clean.CompactionSchedule;
import io.milena.log.clean.CompactionStatistics;
import io.milena.log.clean.Dirt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompactionScheduleTest {
    private static final CleanerSettings CLEANER = new CleanerSettings(1, 1 << 20, 0.9, 1024, Double.MAX_VALUE, 15_000);

    @TempDir
    Path folder;

    private final LogFixture fixture = new LogFixture();
    private final List<Candidate> logs = new ArrayList<>();
    private final List<String> swapped = new ArrayList<>();
    private final Queue<Runnable> background = new ArrayDeque<>();
    private final Queue<Runnable> owner = new ArrayDeque<>();
    private final PriorityQueue<Timed> timers = new PriorityQueue<>(Comparator.comparingLong(Timed::atMs));
    private final CompactionSchedule schedule = new CompactionSchedule(
            () -> logs,
            background::add,
            (ms, task) -> timers.add(new Timed(fixture.clock.millis() + ms, task)),
            fixture.clock::millis,
            CLEANER);

    private record Timed(long atMs, Runnable task) {}

    private final class Candidate implements Compactable {
        private final PartitionLog log;
        private int looks;
        private boolean failsToTell;
        private boolean failsToBegin;

        Candidate(PartitionLog log) {
            this.log = log;
        }

        @Override
        public Optional<Dirt> dirt() {
            looks++;
            if (failsToTell) {
                throw new IllegalStateException("unforeseen");
            }
            return log.dirt(log.logEndOffset());
        }

        @Override
        public double minDirtyRatio() {
            return log.settings().minCleanableDirtyRatio();
        }

        @Override
        public void asOwner(Runnable task) {
            owner.add(() -> {
                long before = log.firstDirtyOffset();
                task.run();
                if (log.firstDirtyOffset() > before) {
                    swapped.add(log.directory().getFileName().toString());
                }
            });
        }

        @Override
        public Optional<Compaction> compaction(Dirt dirt, CleanerSettings settings) {
            if (failsToBegin) {
                throw new IllegalStateException("unforeseen");
            }
            return log.compaction(dirt, log.logEndOffset(), settings);
        }
    }

    @AfterEach
    void close() {
        schedule.close();
        run();
        logs.forEach(candidate -> candidate.log.close());
        fixture.assertNothingLeased();
    }

    private PartitionLog open(String name) {
        PartitionLog log = PartitionLog.open(folder.resolve(name), SETTINGS, fixture.context());
        logs.add(new Candidate(log));
        return log;
    }

    private static void fill(PartitionLog log, int segments) {
        for (int i = 0; i < segments; i++) {
            append(log, "a", "x".repeat(1000) + i);
            log.roll();
        }
    }

    /** Runs what is to be run now. */
    private void run() {
        while (!background.isEmpty() || !owner.isEmpty()) {
            Runnable task = background.isEmpty() ? owner.remove() : background.remove();
            task.run();
        }
    }

    private long pass() {
        Timed next = timers.remove();
        fixture.clock.advance(next.atMs() - fixture.clock.millis());
        next.task().run();
        run();
        return next.atMs();
    }

    @Test
    void shouldCleanTheFilthiestFirstAndThenPause() throws IOException {
        PartitionLog half = open("half-0");
        fill(half, 2);
        CompactionFixture.compact(half);
        fill(half, 3);
        fill(open("full-0"), 3);
        open("clean-0");
        schedule.start();
        run();

        assertThat(swapped).containsExactly("full-0", "half-0");
        assertThat(records(half)).hasSize(1);
        assertThat(timers).hasSize(1);
        long before = fixture.clock.millis();
        assertThat(pass()).isEqualTo(before + 15_000);
        assertThat(timers).hasSize(1);
    }

    @Test
    void shouldLookAgainAfterThePause() {
        PartitionLog log = open("t-0");
        schedule.start();
        run();
        fill(log, 2);
        assertThat(records(log)).hasSize(2);
        pass();
        assertThat(records(log)).hasSize(1);
    }

    @Test
    void shouldReadAndWriteNoFasterThanAllowed() {
        PartitionLog log = open("t-0");
        fill(log, 10);
        long before = fixture.clock.millis();
        schedule.settings(new CleanerSettings(1, 1 << 20, 0.9, 1024, 1000, 15_000));
        schedule.start();
        run();
        while (log.firstDirtyOffset() == 0) {
            assertThat(timers).hasSize(1);
            pass();
        }
        // ten segments of about a kilobyte, read twice, what remains written once
        assertThat(fixture.clock.millis() - before).isBetween(20_000L, 26_000L);
        assertThat(records(log)).hasSize(1);
    }

    @Test
    void shouldGiveEverythingBackWhenClosedWhileItWaits() throws IOException {
        PartitionLog log = open("t-0");
        fill(log, 20);
        schedule.settings(new CleanerSettings(1, 1 << 20, 0.9, 1024, 1000, 15_000));
        schedule.start();
        run();
        assertThat(fixture.openFiles.leases()).isPositive();
        schedule.close();
        run();
        fixture.assertNothingLeased();
        assertThat(leftovers("t-0")).isEmpty();
        pass();
        assertThat(records(log)).hasSize(20);
    }

    @Test
    void shouldCleanSeveralLogsAtTheSameTime() {
        fill(open("one-0"), 3);
        fill(open("two-0"), 3);
        schedule.settings(new CleanerSettings(2, 1 << 20, 0.9, 1024, Double.MAX_VALUE, 15_000));
        schedule.start();
        background.remove().run();
        background.remove().run();
        assertThat(owner).as("begun").hasSize(2);
        run();
        assertThat(swapped).containsExactlyInAnyOrder("one-0", "two-0");

        schedule.settings(CLEANER);
        pass();
        pass();
        assertThat(timers).as("workers left").hasSize(1);
    }

    @Test
    void shouldLeaveADamagedLogAlone() throws IOException {
        PartitionLog damaged = open("damaged-0");
        fill(damaged, 3);
        PartitionLog sound = open("sound-0");
        fill(sound, 2);
        CompactionFixture.compact(sound);
        fill(sound, 2);
        Path data = folder.resolve("damaged-0").resolve("00000000000000000001.log");
        byte[] bytes = Files.readAllBytes(data);
        bytes[bytes.length - 1] ^= 1;
        Files.write(data, bytes, StandardOpenOption.TRUNCATE_EXISTING);
        schedule.start();
        run();
        pass();

        assertThat(swapped).containsExactly("sound-0");
        int looks = logs.get(0).looks;
        pass();
        assertThat(logs.get(0).looks).isEqualTo(looks);
        assertThat(leftovers("damaged-0")).isEmpty();
    }

    @Test
    void shouldLeaveALogAloneThatFailsForAnUnforeseenReasonAndCleanTheOthers() {
        for (String name : List.of("first-0", "second-0", "third-0")) {
            fill(open(name), 3);
        }
        logs.get(0).failsToTell = true;
        logs.get(1).failsToBegin = true;
        schedule.start();
        run();
        pass();
        pass();

        assertThat(swapped).containsExactly("third-0");
        assertThat(logs.get(0).looks).isEqualTo(1);
        assertThat(logs.get(1).looks).isEqualTo(1);
        assertThat(schedule.statistics().uncleanable()).isEqualTo(2);
        logs.remove(0).log.close();
        pass();
        assertThat(schedule.statistics().uncleanable()).as("open").isEqualTo(1);
    }

    @Test
    void shouldTellWhatItDid() {
        PartitionLog log = open("t-0");
        fill(log, 10);
        long dirtyBytes = log.sizeInBytes();
        schedule.start();
        run();

        CompactionStatistics statistics = schedule.statistics();
        assertThat(statistics.compactions()).isEqualTo(1);
        assertThat(statistics.bytesRead()).isEqualTo(2 * dirtyBytes);
        assertThat(statistics.bytesWritten()).isBetween(1L, dirtyBytes / 5);
        assertThat(statistics.maxDirtyRatio()).isZero();
        assertThat(statistics.uncleanable()).isZero();
    }

    @Test
    void shouldFollowOtherSettingsAtOnce() {
        PartitionLog log = open("t-0");
        schedule.start();
        run();
        fill(log, 3);
        schedule.settings(new CleanerSettings(1, 1 << 20, 0.9, 1024, 1, 20_000));
        run();
        assertThat(records(log)).as("one byte a second").hasSize(3);
        schedule.settings(new CleanerSettings(1, 1 << 20, 0.9, 1024, Double.MAX_VALUE, 20_000));
        run();
        assertThat(records(log)).hasSize(1);
        schedule.settings(new CleanerSettings(0, 1 << 20, 0.9, 1024, Double.MAX_VALUE, 20_000));
        run();
        fill(log, 3);
        while (!timers.isEmpty()) {
            pass();
        }
        assertThat(records(log)).as("switched off").hasSize(4);
    }

    @Test
    void shouldGiveUpALogThatIsCut() throws IOException {
        PartitionLog log = open("t-0");
        fill(log, 3);
        schedule.start();
        while (owner.isEmpty()) {
            background.remove().run();
        }
        owner.remove().run();
        background.remove().run();
        log.truncateTo(1);
        run();

        assertThat(records(log)).hasSize(1);
        assertThat(log.firstDirtyOffset()).isZero();
        assertThat(leftovers("t-0")).isEmpty();
    }

    @Test
    void shouldGiveUpALogThatIsDeletedOrLosesSegments() throws IOException {
        for (String name : List.of("deleted-0", "shortened-0")) {
            PartitionLog log = open(name);
            fill(log, 4);
            schedule.start();
            run();
            fill(log, 6);
            if (!timers.isEmpty()) {
                Timed timer = timers.remove();
                fixture.clock.advance(15_000);
                timer.task().run();
            }
            background.remove().run();
            owner.remove().run();
            if (name.equals("deleted-0")) {
                log.delete();
                logs.clear();
            } else {
                log.deleteBefore(5);
                log.applyRetention(log.logEndOffset());
            }
            run();
        }
        assertThat(leftovers("shortened-0")).isEmpty();
        assertThat(records(logs.get(0).log)).hasSizeLessThanOrEqualTo(6);
    }

    private List<String> leftovers(String name) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(name))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".cleaned") || file.endsWith(".swap"))
                    .toList();
        }
    }
}
