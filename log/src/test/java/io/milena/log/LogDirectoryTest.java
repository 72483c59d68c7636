package io.milena.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogDirectoryTest {
    @TempDir
    Path folder;

    private final LogFixture fixture = new LogFixture();

    @Test
    void shouldRefuseASecondBroker() {
        try (LogDirectory first = LogDirectory.open(folder)) {
            assertThat(first.path()).isEqualTo(folder);
            assertThatThrownBy(() -> LogDirectory.open(folder)).hasMessageContaining("another broker");
        }
        LogDirectory.open(folder).close();
    }

    @Test
    void shouldKeepWhoseFolderItIs() throws IOException {
        DirectoryProperties properties = new DirectoryProperties("cluster-1", 7, UUID.randomUUID());
        try (LogDirectory directory = LogDirectory.open(folder)) {
            assertThat(directory.properties()).isEmpty();
            directory.properties(properties);
            assertThat(directory.properties()).contains(properties);
        }
        assertThat(Files.readAllLines(folder.resolve("meta.properties"))).contains("version=1", "node.id=7");
    }

    @Test
    void shouldListPartitionsWithTheirTopicIds() throws IOException {
        UUID id = UUID.randomUUID();
        try (LogDirectory directory = LogDirectory.open(folder)) {
            directory.create("orders-eu", 3, id);
            Files.createDirectories(folder.resolve("old-1.0123456789abcdef0123456789abcdef-delete"));
            Files.createDirectories(folder.resolve("unknown-0"));

            assertThat(directory.partitions())
                    .containsExactlyInAnyOrder(
                            new PartitionFolder(folder.resolve("orders-eu-3"), "orders-eu", 3, Optional.of(id), 0),
                            new PartitionFolder(folder.resolve("unknown-0"), "unknown", 0, Optional.empty(), 0));
            directory.removeDeleted(Runnable::run);
            assertThat(folder.resolve("old-1.0123456789abcdef0123456789abcdef-delete"))
                    .doesNotExist();
        }
    }

    @Test
    void shouldBringLogsBackAsTheyWere() {
        try (LogDirectory directory = LogDirectory.open(folder)) {
            assertThat(directory.cleanShutdown()).isFalse();
            Path path = directory.create("orders", 3, UUID.randomUUID()).path();
            PartitionLog log = PartitionLog.open(path, LogFixture.SMALL, context(directory));
            LogFixture.append(log, "a", "b", "c");
            log.deleteBefore(2);
            log.close();
            directory.checkpointHighWatermarks(Map.of("orders-3", 3L));
            directory.markClean(List.of(log));
        }
        try (LogDirectory directory = LogDirectory.open(folder)) {
            assertThat(directory.cleanShutdown()).isTrue();
            assertThat(directory.highWatermarks()).isEqualTo(Map.of("orders-3", 3L));
            Path path = directory.partitions().get(0).path();
            try (PartitionLog log = PartitionLog.open(path, LogFixture.SMALL, context(directory))) {
                assertThat(log.logStartOffset()).isEqualTo(2);
                assertThat(LogFixture.readAll(log, 2, 100)).containsExactly("2:c");
            }
        }
        try (LogDirectory directory = LogDirectory.open(folder)) {
            assertThat(directory.cleanShutdown()).as("the mark counts once").isFalse();
        }
    }

    @Test
    void shouldRememberTheStartOfALogAfterACrash() {
        Path path = folder.resolve("orders-3");
        try (LogDirectory directory = LogDirectory.open(folder)) {
            directory.create("orders", 3, UUID.randomUUID());
            directory.create("other", 0, UUID.randomUUID());
            PartitionLog log = PartitionLog.open(path, LogFixture.SMALL, context(directory));
            LogFixture.append(log, "a", "b", "c");
            log.deleteBefore(2);
            log.persistLogStartOffset();
            log.close();
            assertThatThrownBy(log::persistLogStartOffset).isInstanceOf(LogException.class);
        }
        try (LogDirectory directory = LogDirectory.open(folder)) {
            assertThat(directory.cleanShutdown()).isFalse();
            try (PartitionLog log = PartitionLog.open(path, LogFixture.SMALL, context(directory))) {
                assertThat(log.logStartOffset()).isEqualTo(2);
            }
        }
    }

    @Test
    void shouldForgetAnEarlierPartitionOfTheSameName() {
        try (LogDirectory directory = LogDirectory.open(folder)) {
            Path path = directory.create("orders", 3, UUID.randomUUID()).path();
            PartitionLog log = PartitionLog.open(path, LogFixture.SMALL, context(directory));
            log.truncateFullyAndStartAt(500);
            directory.checkpoint(List.of(log));
            log.delete();
            assertThat(directory.partitions()).isEmpty();

            directory.create("orders", 3, UUID.randomUUID());
            try (PartitionLog again = PartitionLog.open(path, LogFixture.SMALL, context(directory))) {
                assertThat(again.logStartOffset()).isZero();
            }
        }
    }

    private LogContext context(LogDirectory directory) {
        return directory.context(fixture.clock, Runnable::run, fixture.openFiles);
    }
}
