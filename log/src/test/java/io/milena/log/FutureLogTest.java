package io.milena.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.milena.log.DiskFaults.Operation;
import io.milena.log.producer.ActiveProducer;
import io.milena.log.segment.AbortedTransaction;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Logs that move between two folders of a disk that fails, dies or loses power at any of its operations. */
class FutureLogTest {
    private static final UUID TOPIC_ID = new UUID(3, 4);

    private final LogFixture fixture = new LogFixture();
    private final Random random = new Random(11);
    private SimulatedDisk disk = new SimulatedDisk(fixture.clock::millis, random);
    private LogSettings settings = LogFixture.SMALL;
    private LogDirectory from = openFolder("a");
    private LogDirectory to = openFolder("b");
    private PartitionLog log = create();
    private LogDriver driver = new LogDriver(fixture.clock, random, log);

    /** Everything a log tells. */
    private record Known(
            long start,
            long end,
            List<String> records,
            List<ActiveProducer> producers,
            List<AbortedTransaction> aborted,
            long dirty) {}

    @BeforeEach
    void expectFailures() {
        ((Logger) LoggerFactory.getLogger("io.milena.log")).setLevel(Level.OFF);
    }

    @AfterEach
    void leasesAreBack() {
        ((Logger) LoggerFactory.getLogger("io.milena.log")).setLevel(null);
        fixture.assertNothingLeased();
    }

    @Test
    void shouldGoOnInTheOtherFolderWithEverythingItHad() throws IOException {
        fill(60);
        log.deleteBefore(7);
        driver.model.logStart = 7;
        Known before = known(log);

        PartitionLog replaced = move();

        assertThat(log.directory()).isEqualTo(to.path().resolve("t-0"));
        assertThat(known(log)).isEqualTo(before);
        assertThat(log.recoveryPoint()).isEqualTo(before.end());
        replaced.delete();
        assertThat(from.partitions()).isEmpty();
        assertThat(to.partitions())
                .containsExactly(new PartitionFolder(log.directory(), "t", 0, Optional.of(TOPIC_ID), 1));
        fill(20);
        reopen(false);
        driver.compare();
    }

    @Test
    void shouldFollowALogThatIsWrittenDeletedAndCutMeanwhile() throws IOException {
        fill(50);
        FutureLog future = begin();
        future.copySome();
        fill(30);
        long middle = driver.model.boundaries().get(60);
        log.applyRetention(log.logEndOffset());
        log.deleteBefore(middle);
        driver.model.logStart = middle;
        log.applyRetention(log.logEndOffset());
        future.copySome();
        log.truncateFullyAndStartAt(log.logEndOffset() + 10);
        driver.model.startAt(log.logEndOffset());
        fill(10);
        assertThat(future.lag()).isPositive();
        future.replaceSource().delete();
        assertThat(future.lag()).isZero();
        driver.compare();
    }

    @Test
    void shouldKeepGapsAndTheNoteOfWhatIsClean() throws IOException {
        settings = LogFixture.SMALL.withCleanupPolicy(Set.of(LogSettings.CleanupPolicy.COMPACT));
        log.settings(settings);
        driver.forCompaction();
        fill(80);
        log.roll();
        log.flush();
        CompactionFixture.compact(log);
        assertThat(log.firstDirtyOffset()).isPositive();
        log.skipTo(log.logEndOffset() + 5);
        Known before = known(log);

        move().delete();

        assertThat(known(log)).isEqualTo(before);
    }

    @Test
    void shouldGiveUpACompactionThatIsUnderWay() {
        log.settings(LogFixture.SMALL.withCleanupPolicy(Set.of(LogSettings.CleanupPolicy.COMPACT)));
        driver.forCompaction();
        fill(80);
        log.roll();
        log.flush();
        log.compacting(Compacting.PAUSED);
        assertThat(log.dirt(log.logEndOffset())).isEmpty();
        log.compacting(Compacting.ALLOWED);
        assertThat(log.dirt(log.logEndOffset())).isPresent();
    }

    @Test
    void shouldMoveBackAndForth() throws IOException {
        for (int i = 0; i < 4; i++) {
            fill(20);
            Known before = known(log);
            move().delete();
            assertThat(known(log)).isEqualTo(before);
            LogDirectory other = from;
            from = to;
            to = other;
        }
        assertThat(from.partitions().get(0).moves()).isEqualTo(4);
    }

    @Test
    void shouldNotBelieveWhatIsNotedOfAnEarlierLogOfTheName() throws IOException {
        PartitionLog earlier =
                PartitionLog.open(to.create("t", 0, UUID.randomUUID()).path(), settings, context(to));
        for (int i = 0; i < 200; i++) {
            LogFixture.append(earlier, "earlier");
        }
        earlier.deleteBefore(150);
        earlier.flush();
        to.checkpoint(List.of(earlier));
        earlier.close();
        fill(20);
        Known before = known(log);
        move();
        reopen(false);
        assertThat(known(log)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldBeWholeInOneOfTheFoldersWhereverItStops(boolean powerIsLost) throws IOException {
        boolean moved = false;
        for (int changes = 0; !moved; changes++) {
            begin(changes);
            Known before = known(log);
            disk.faults().dieAfter(changes);
            moved = tryToMove();
            boolean complete = moved && !disk.faults().isDead();
            reopen(powerIsLost);
            assertThat(known(log)).as("death after %s changes", changes).isEqualTo(before);
            assertThat(LogFixture.append(log, "goes on").firstOffset()).isEqualTo(before.end());
            log.close();
            moved = complete;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"WRITE", "FORCE", "RENAME", "CREATE", "OPEN", "READ"})
    void shouldStayOrTakeNoRecordsWhereTheDiskFails(Operation kind) throws IOException {
        boolean moved = false;
        for (int after = 0; !moved; after++) {
            begin(after);
            Known before = known(log);
            disk.faults().fail(EnumSet.of(kind), after);
            moved = tryToMove();
            disk.faults().repair();
            List<String> expected = new ArrayList<>(before.records());
            if (!log.isFailed()) {
                expected.add(LogFixture.append(log, "goes on").firstOffset() + ":goes on");
            }
            reopen(false);
            assertThat(known(log).records()).as("failure after %s", after).isEqualTo(expected);
            log.close();
        }
    }

    @Test
    void shouldRefuseToCopyDamage() {
        fill(3);
        FutureLog future = begin();
        log.close();
        assertThatThrownBy(future::copySome).isInstanceOf(LogException.class);
        future.discard();
        assertThat(to.futures()).isEmpty();
    }

    /** A new disk with a log of some segments. */
    private void begin(long seed) {
        disk = new SimulatedDisk(fixture.clock::millis, new Random(seed));
        from = openFolder("a");
        to = openFolder("b");
        log = create();
        driver = new LogDriver(fixture.clock, new Random(seed), log);
        fill(25);
        log.flush();
        from.checkpoint(List.of(log));
    }

    private boolean tryToMove() {
        try {
            move().delete();
            return true;
        } catch (LogException e) {
            return false;
        }
    }

    private PartitionLog move() {
        FutureLog future = begin();
        try {
            while (future.copySome() > 0) {
                future.flush();
            }
            return future.replaceSource();
        } catch (LogException e) {
            future.abandon();
            throw e;
        }
    }

    private FutureLog begin() {
        log.compacting(Compacting.PAUSED);
        return FutureLog.begin(log, TOPIC_ID, to, context(to));
    }

    private PartitionLog create() {
        return PartitionLog.open(from.create("t", 0, TOPIC_ID).path(), settings, context(from));
    }

    private LogContext context(LogDirectory directory) {
        return directory.context(fixture.clock, Runnable::run, fixture.openFiles, damage -> {});
    }

    private LogDirectory openFolder(String name) {
        return LogDirectory.open(disk.folder(name));
    }

    private void fill(int batches) {
        for (int i = 0; i < batches; i++) {
            driver.append();
            if (i % 5 == 4) {
                driver.endTransaction();
            }
        }
    }

    /** Begins anew with what lies on the disk: the folder that was moved to last is the one that counts. */
    private void reopen(boolean powerIsLost) {
        Path a = from.path();
        Path b = to.path();
        if (powerIsLost) {
            disk.losePower();
        } else {
            disk.restart();
        }
        from = LogDirectory.open(a);
        to = LogDirectory.open(b);
        List<PartitionFolder> found = new ArrayList<>(from.partitions());
        found.addAll(to.partitions());
        PartitionFolder newest =
                found.stream().max(Comparator.comparing(PartitionFolder::moves)).orElseThrow();
        LogDirectory holder = newest.path().startsWith(a) ? from : to;
        log = PartitionLog.open(newest.path(), settings, context(holder));
        driver.log(log);
    }

    private static Known known(PartitionLog log) {
        List<ActiveProducer> producers = new ArrayList<>(log.producers().active());
        producers.sort(Comparator.comparing(ActiveProducer::producerId));
        return new Known(
                log.logStartOffset(),
                log.logEndOffset(),
                LogFixture.readAll(log, log.logStartOffset(), 5000),
                producers,
                log.abortedTransactions(log.logStartOffset(), Long.MAX_VALUE),
                log.firstDirtyOffset());
    }

    @Test
    void shouldNameEpochsAsTheBatchesDo() {
        fill(30);
        Map<Integer, Long> before = Map.copyOf(log.leaderEpochs().startOffsets());
        move().delete();
        assertThat(log.leaderEpochs().startOffsets()).isEqualTo(before);
    }
}
