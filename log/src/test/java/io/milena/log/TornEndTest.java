package io.milena.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.milena.log.segment.SegmentRepair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What a stop in the middle of a write leaves is told with its bytes and is no damage; anything else at the end is. */
class TornEndTest {
    private static final int BATCHES = 5;

    @TempDir(factory = MemoryDisk.class)
    Path temporary;

    private final LogFixture fixture = new LogFixture();
    private final List<Damage> found = new ArrayList<>();
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(SegmentRepair.class);
    private long recoveryPoint;

    @BeforeEach
    void listen() {
        logger.setLevel(Level.WARN);
        logger.setAdditive(false);
        logger.addAppender(lines);
        lines.start();
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(lines);
        logger.setAdditive(true);
        logger.setLevel(null);
        fixture.assertNothingLeased();
    }

    @Test
    void shouldTellEachCutInsideTheLastBatchAsATornEnd() throws IOException {
        byte[] content = write();
        int size = content.length / BATCHES;
        // Of less than a whole offset there may be nothing but zeros, which nobody can tell from those written ahead.
        for (int torn = Long.BYTES; torn < size; torn++) {
            assertTorn(Arrays.copyOf(content, content.length - size + torn), torn);
        }
    }

    @Test
    void shouldTellNothingOfReservedZerosButOfABatchTornBeforeThem() throws IOException {
        byte[] content = write();
        assertThat(recover(Arrays.copyOf(content, content.length + 5000))).isEqualTo(BATCHES);
        assertThat(found).isEmpty();
        assertThat(lines.list).isEmpty();

        byte[] torn = Arrays.copyOf(content, content.length + 5000);
        Arrays.fill(torn, content.length - 20, content.length, (byte) 0);
        assertTorn(torn, content.length / BATCHES + 5000);
    }

    @Test
    void shouldTellAWrongBatchAtTheEndAsDamage() throws IOException {
        byte[] content = write();
        content[content.length - 3] ^= 1;
        assertDamaged(content);
    }

    @Test
    void shouldTellAWrongLengthInTheMiddleAsDamage() throws IOException {
        byte[] content = write();
        content[content.length / BATCHES * 2 + 8] ^= 1;
        assertDamaged(content);
    }

    @Test
    void shouldTellATornEndOfWhatWasDurableAsDamage() throws IOException {
        byte[] content = write();
        recoveryPoint = BATCHES;
        assertDamaged(Arrays.copyOf(content, content.length - 1));
    }

    private byte[] write() throws IOException {
        Path folder = temporary.resolve("t-0");
        try (PartitionLog log = PartitionLog.open(folder, LogFixture.SMALL, fixture.context())) {
            for (int i = 0; i < BATCHES; i++) {
                LogFixture.append(log, "value-" + i);
            }
        }
        return Files.readAllBytes(folder.resolve("00000000000000000000.log"));
    }

    private void assertTorn(byte[] content, int bytes) throws IOException {
        int kept = BATCHES - 1;
        lines.list.clear();
        assertThat(recover(content)).isEqualTo(kept);
        assertThat(found).isEmpty();
        assertThat(lines.list).hasSize(1);
        assertThat(lines.list.get(0).getLevel()).isEqualTo(Level.WARN);
        assertThat(lines.list.get(0).getFormattedMessage())
                .contains("event=torn-end-cut", "fromOffset=" + kept + " ", "bytes=" + bytes);
    }

    private void assertDamaged(byte[] content) throws IOException {
        recover(content);
        assertThat(found).isNotEmpty();
        assertThat(lines.list).isEmpty();
    }

    /** Opens the log as after a crash and gives its end. */
    private long recover(byte[] content) throws IOException {
        Path folder = temporary.resolve("t-0");
        Files.write(folder.resolve("00000000000000000000.log"), content);
        Files.deleteIfExists(folder.resolve("00000000000000000000.timeindex"));
        LogContext.Checkpoints checkpoints = new LogContext.Checkpoints() {
            @Override
            public boolean cleanShutdown() {
                return false;
            }

            @Override
            public long recoveryPoint(Path partitionFolder) {
                return recoveryPoint;
            }

            @Override
            public long logStartOffset(Path partitionFolder) {
                return 0;
            }
        };
        LogContext context = new LogContext(fixture.clock, Runnable::run, fixture.openFiles, checkpoints, found::add);
        try (PartitionLog log = PartitionLog.open(folder, LogFixture.SMALL, context)) {
            return log.logEndOffset();
        }
    }
}
