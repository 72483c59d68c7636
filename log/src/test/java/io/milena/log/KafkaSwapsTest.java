package io.milena.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder that Kafka left when it crashed while it put a cleaned segment in the place of others. */
class KafkaSwapsTest {
    @TempDir
    Path folder;

    private final LogFixture fixture = new LogFixture();

    /** Segments 0, 2, 4, 6 with two batches each, and one that holds what a cleaning left of the first two: offsets 1 and 3. */
    @BeforeEach
    void write() throws IOException {
        try (PartitionLog log = PartitionLog.open(folder, LogFixture.SMALL, fixture.context())) {
            for (int i = 0; i < 8; i++) {
                LogFixture.append(log, "v" + i);
                if (i % 2 == 1 && i < 7) {
                    log.roll();
                }
            }
        }
        ByteArrayOutputStream cleaned = new ByteArrayOutputStream();
        for (long base : List.of(0L, 2L)) {
            byte[] bytes = Files.readAllBytes(file(base, ".log"));
            cleaned.write(Arrays.copyOfRange(bytes, bytes.length / 2, bytes.length));
        }
        Files.write(file(0, ".log.swap"), cleaned.toByteArray());
        Files.write(file(0, ".index.swap"), new byte[8]);
    }

    private Path file(long offset, String kind) {
        return folder.resolve("%020d%s".formatted(offset, kind));
    }

    private void assertOpensWith(String... records) throws IOException {
        for (int i = 0; i < 2; i++) {
            try (PartitionLog log = PartitionLog.open(folder, LogFixture.SMALL, fixture.context())) {
                assertThat(LogFixture.readAll(log, 0, 1000)).containsExactly(records);
            }
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files)
                    .noneMatch(file ->
                            file.toString().endsWith(".swap") || file.toString().endsWith(".cleaned"));
        }
        fixture.assertNothingLeased();
    }

    @Test
    void shouldTakeASwapBackBeforeTheOldSegmentsWereGone() throws IOException {
        assertOpensWith("0:v0", "1:v1", "2:v2", "3:v3", "4:v4", "5:v5", "6:v6", "7:v7");
    }

    @Test
    void shouldLoseNothingToADamagedSwapBeforeTheOldSegmentsWereGone() throws IOException {
        byte[] whole = Files.readAllBytes(file(0, ".log.swap"));
        for (int at = 0; at < whole.length; at += 3) {
            byte[] wrong = at % 2 == 0 ? Arrays.copyOf(whole, at) : whole.clone();
            if (at % 2 != 0) {
                wrong[at] ^= 0x40;
            }
            Files.write(file(0, ".log.swap"), wrong);
            assertOpensWith("0:v0", "1:v1", "2:v2", "3:v3", "4:v4", "5:v5", "6:v6", "7:v7");
        }
    }

    @Test
    void shouldFinishASwapWhenOnlySomeOfTheOldSegmentsWereGone() throws IOException {
        Files.move(file(0, ".log"), file(0, ".log.deleted"));
        assertOpensWith("1:v1", "3:v3", "4:v4", "5:v5", "6:v6", "7:v7");
        assertThat(file(2, ".log")).doesNotExist();
    }

    @Test
    void shouldFinishASwapAfterTheOldSegmentsWereGone() throws IOException {
        for (String kind : List.of(".log", ".index", ".timeindex")) {
            Files.move(file(0, kind), file(0, kind + ".deleted"));
            Files.move(file(2, kind), file(2, kind + ".deleted"));
        }
        assertOpensWith("1:v1", "3:v3", "4:v4", "5:v5", "6:v6", "7:v7");
    }

    @Test
    void shouldKeepTheOldSegmentsIfNotAllOfTheNewOnesAreWhole() throws IOException {
        Files.copy(file(0, ".log.swap"), file(0, ".log.cleaned"));
        assertOpensWith("0:v0", "1:v1", "2:v2", "3:v3", "4:v4", "5:v5", "6:v6", "7:v7");
    }
}
