package io.milena.log;

import static io.milena.log.CompactionFixture.SETTINGS;
import static io.milena.log.CompactionFixture.append;
import static io.milena.log.CompactionFixture.appendIn;
import static io.milena.log.CompactionFixture.compact;
import static io.milena.log.CompactionFixture.mark;
import static io.milena.log.CompactionFixture.records;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.milena.log.batch.ControlRecord.Type;
import io.milena.log.clean.CleanerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Crashes at every change of a name in the partition's folder, while a log is compacted and while it is opened again. */
class CompactionCrashTest {
    private static final CleanerSettings CLEANER = new CleanerSettings(1, 1 << 20, 0.9, 1024, Double.MAX_VALUE, 1);
    private static final int SEGMENTS = 5;

    @TempDir(factory = MemoryDisk.class)
    Path temporary;

    private final LogFixture fixture = new LogFixture();
    private Path original;
    private LogContext.Checkpoints checkpoints = LogContext.NO_CHECKPOINTS;
    private List<String> before = List.of();
    private List<String> after = List.of();

    @BeforeEach
    void expectFailures() {
        level(Level.OFF);
    }

    @AfterEach
    void leasesAreBack() {
        level(null);
        fixture.assertNothingLeased();
    }

    private static void level(@Nullable Level level) {
        for (Class<?> reporting : List.of(LogState.class, DamageLog.class)) {
            ((Logger) LoggerFactory.getLogger(reporting)).setLevel(level);
        }
    }

    /** A log with several groups to clean, of several segments each, in which every key is there more than once. */
    private void write(boolean durable) throws IOException {
        original = temporary.resolve("original");
        PartitionLog log = PartitionLog.open(original, SETTINGS, fixture.context());
        for (int segment = 0; segment < SEGMENTS; segment++) {
            append(log, "fixed-" + segment, "x".repeat(900));
            append(log, "a", "a-" + segment, "b", segment % 2 == 0 ? null : "b-" + segment);
            appendIn(log, 7, 2 * segment, "c", "c-" + segment);
            mark(log, 7, segment % 3 == 0 ? Type.COMMIT : Type.ABORT);
            log.roll();
        }
        append(log, "last", "1");
        before = records(log);
        checkpoints = durable ? LogFixture.crashed(log) : LogContext.NO_CHECKPOINTS;
        log.close();

        Path copy = copy(original, "compacted");
        try (PartitionLog compacted = PartitionLog.open(copy, SETTINGS, fixture.context())) {
            compact(compacted, CLEANER);
            after = records(compacted);
        }
        assertThat(after.size()).isLessThan(before.size());
        assertThat(logFiles(copy)).hasSize(3);
    }

    @Test
    void shouldSurviveACrashAtEveryStepOfACleaning() throws IOException {
        write(true);
        int crashes = crashAtEveryStep(true);
        assertThat(crashes).isGreaterThan(30);
    }

    @Test
    void shouldSurviveItIfEverythingIsCheckedAfterwards() throws IOException {
        write(false);
        crashAtEveryStep(false);
    }

    /** As long as the first old segment is there, all are, and whatever lies beside them cannot do harm. */
    @Test
    void shouldLoseNothingToDamagedFilesOfASwap() throws IOException {
        write(true);
        int damaged = 0;
        boolean crashed = true;
        for (int changes = 0; crashed; changes++) {
            Path folder = copy(original, "crashed");
            crashed = compactUntilCrash(folder, changes);
            Path copy = copy(folder, "damaged");
            for (String name : leftovers(folder)) {
                for (byte[] content : wrong(Files.readAllBytes(folder.resolve(name)))) {
                    remove(copy);
                    copy = copy(folder, "damaged");
                    Files.write(copy.resolve(name), content);
                    if (!name.endsWith(".log.cleaned") || isFirstSourceOf(folder, name)) {
                        check(copy, "crash after " + changes + ", " + name + " became " + content.length + " bytes");
                        damaged++;
                    }
                }
            }
            remove(copy);
            remove(folder);
        }
        assertThat(damaged).isGreaterThan(100);
    }

    /** Whether the segment that is to be replaced first is still there; once it is gone, there is no other copy. */
    private static boolean isFirstSourceOf(Path folder, String cleaned) {
        return Files.exists(folder.resolve(cleaned.replace(".cleaned", "")));
    }

    /** Empty, cut short, with a bit flipped at the start and at the end, and with something behind. */
    private static List<byte[]> wrong(byte[] content) {
        List<byte[]> wrong = new ArrayList<>(List.of(new byte[0], Arrays.copyOf(content, content.length + 77)));
        if (content.length > 0) {
            wrong.add(Arrays.copyOf(content, content.length - 1));
            for (int at : new int[] {0, 7, content.length / 2, content.length - 1}) {
                byte[] flipped = content.clone();
                flipped[Math.min(at, content.length - 1)] ^= 0x20;
                wrong.add(flipped);
            }
        }
        return wrong;
    }

    private int crashAtEveryStep(boolean whileOpening) throws IOException {
        for (int changes = 0; ; changes++) {
            Path folder = copy(original, "crashed");
            boolean crashed = compactUntilCrash(folder, changes);
            if (whileOpening && leftovers(folder).stream().anyMatch(name -> name.endsWith(".swap"))) {
                crashWhileOpening(folder, changes);
            }
            check(folder, "crash after " + changes);
            remove(folder);
            if (!crashed) {
                return changes;
            }
        }
    }

    private boolean compactUntilCrash(Path folder, int changes) {
        CrashingFiles files = new CrashingFiles();
        PartitionLog log = PartitionLog.open(files.over(folder), SETTINGS, fixture.context(checkpoints));
        files.crashAfter(changes);
        try {
            compact(log, CLEANER);
            assertThat(records(log)).isEqualTo(after);
        } catch (IOException | LogException e) {
            assertThat(files.crashed()).as("%s", e).isTrue();
            assertKept(records(log), "still open after " + changes);
        }
        boolean crashed = files.crashed();
        files.crashAfter(0);
        closeCrashed(log);
        return crashed;
    }

    private static void closeCrashed(PartitionLog log) {
        try {
            log.close();
        } catch (LogException e) {
            assertThat(e.error()).isEqualTo(LogError.STORAGE_ERROR);
        }
    }

    /** Opens it again and again, each time a step further, until it comes up. */
    private void crashWhileOpening(Path folder, int changesBefore) throws IOException {
        boolean crashed = true;
        for (int changes = 0; crashed; changes++) {
            Path again = copy(folder, "reopened");
            CrashingFiles files = new CrashingFiles();
            files.crashAfter(changes);
            try {
                PartitionLog log = PartitionLog.open(files.over(again), SETTINGS, fixture.context(checkpoints));
                files.crashAfter(0);
                closeCrashed(log);
                crashed = false;
            } catch (LogException e) {
                assertThat(files.crashed()).as("%s", e).isTrue();
            }
            String when = "crash after " + changesBefore + ", while opening after " + changes;
            try (PartitionLog log = PartitionLog.open(again, SETTINGS, fixture.context(checkpoints))) {
                assertKept(records(log), when);
                assertThat(leftovers(again)).as(when).isEmpty();
            }
        }
    }

    /** Opens a folder for good: nothing is lost, nothing comes back, and it can be compacted to what it should be. */
    private void check(Path folder, String when) throws IOException {
        try (PartitionLog log = PartitionLog.open(folder, SETTINGS, fixture.context(checkpoints))) {
            assertKept(records(log), when);
            assertThat(log.logEndOffset()).as(when).isEqualTo(SEGMENTS * 5L + 1);
            assertThat(leftovers(folder)).as(when).isEmpty();
            compact(log, CLEANER);
            assertThat(records(log)).as(when).isEqualTo(after);
        }
        try (PartitionLog log = PartitionLog.open(folder, SETTINGS, fixture.context())) {
            assertThat(records(log)).as(when).isEqualTo(after);
        }
    }

    private void assertKept(List<String> records, String when) {
        assertThat(before).as(when).containsSubsequence(records);
        assertThat(records).as(when).containsSubsequence(after);
        assertThat(newest(records)).as(when).isEqualTo(newest(after));
    }

    private static Map<String, String> newest(List<String> records) {
        Map<String, String> newest = new TreeMap<>();
        for (String record : records) {
            String keyAndValue = record.substring(record.indexOf(':') + 1);
            // what was aborted does not count
            if (!keyAndValue.startsWith("c=")) {
                int equals = keyAndValue.indexOf('=');
                newest.put(keyAndValue.substring(0, equals), keyAndValue.substring(equals));
            }
        }
        return newest;
    }

    private static List<String> logFiles(Path folder) throws IOException {
        return files(folder).stream().filter(name -> name.endsWith(".log")).toList();
    }

    private static List<String> leftovers(Path folder) throws IOException {
        return files(folder).stream()
                .filter(name -> name.endsWith(".swap") || name.endsWith(".cleaned") || name.endsWith(".deleted"))
                .toList();
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private Path copy(Path from, String name) throws IOException {
        Path to = temporary.resolve(name);
        if (Files.exists(to)) {
            remove(to);
        }
        Files.createDirectories(to);
        for (String file : files(from)) {
            Files.copy(from.resolve(file), to.resolve(file));
        }
        return to;
    }

    private static void remove(Path folder) throws IOException {
        List<Path> all = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(all::add);
        }
        for (Path file : all) {
            Files.delete(file);
        }
    }
}
