package io.milena.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milena.log.LogContext;
import io.milena.log.segment.OpenFiles;
import io.milena.protocol.Message;
import io.milena.server.cluster.record.ProducerIdsReserved;
import io.milena.server.cluster.record.SnapshotBegun;
import io.milena.server.cluster.record.TopicDeleted;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalMetadataLogTest {
    @TempDir
    Path folder;

    private final State state = new State();
    private LocalMetadataLog log;
    private int failures;

    @BeforeEach
    void open() {
        LogContext context = new LogContext(
                Clock.systemUTC(), Runnable::run, OpenFiles.withDefaults(Runnable::run), LogContext.NO_CHECKPOINTS);
        log = LocalMetadataLog.open(folder, context, () -> failures++);
        state.records.clear();
        log.subscribe(state);
    }

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void shouldBringBackWhatWasAppended() {
        append(id(1), id(2));
        append(id(3));
        assertThat(state.records).containsExactly(id(1), id(2), id(3));
        reopen();
        assertThat(state.records).containsExactly(id(1), id(2), id(3));
        assertThat(log.bytesSinceReplacement()).isPositive();
    }

    @Test
    void shouldKeepWhatWasAcknowledgedWithoutAnOrderlyStop() throws IOException {
        append(id(1));
        Path copy = folder.resolve("copy");
        Files.createDirectories(copy.resolve(LocalMetadataLog.FOLDER));
        try (Stream<Path> files = Files.list(folder.resolve(LocalMetadataLog.FOLDER))) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(LocalMetadataLog.FOLDER).resolve(file.getFileName()));
            }
        }
        log.close();
        folder = copy;
        open();
        assertThat(state.records).containsExactly(id(1));
    }

    @Test
    void shouldLoseAGroupThatWasWrittenInPartAsAWhole() throws IOException {
        append(id(1));
        append(id(2), id(3));
        log.close();
        Path segment = folder.resolve(LocalMetadataLog.FOLDER).resolve("00000000000000000000.log");
        try (FileChannel file = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            file.truncate(file.size() - 1);
        }
        open();
        assertThat(state.records).containsExactly(id(1));
        append(id(4));
        reopen();
        assertThat(state.records).containsExactly(id(1), id(4));
    }

    @Test
    void shouldReadTheSnapshotInsteadOfWhatCameBefore() throws IOException {
        IntStream.range(0, 100).forEach(i -> append(id(i)));
        log.replace(List.of(new ProducerIdsReserved().nextProducerId(7)));
        assertThat(log.bytesSinceReplacement()).isZero();
        append(id(100));
        reopen();
        assertThat(state.records).containsExactly(new ProducerIdsReserved().nextProducerId(7), id(100));
        try (Stream<Path> files = Files.list(folder.resolve(LocalMetadataLog.FOLDER))) {
            assertThat(files.filter(file -> file.toString().endsWith(".log"))).hasSize(1);
        }
    }

    @Test
    void shouldReadSnapshotsOfManyRecords() {
        List<Message> snapshot =
                IntStream.range(0, 2500).mapToObj(LocalMetadataLogTest::id).toList();
        log.replace(snapshot);
        reopen();
        assertThat(state.records).isEqualTo(snapshot);
    }

    @Test
    void shouldCutOffASnapshotWithoutItsEnd() {
        append(id(1));
        append(new SnapshotBegun());
        append(id(9));
        reopen();
        assertThat(state.records).containsExactly(id(1));
        append(id(2));
        reopen();
        assertThat(state.records).containsExactly(id(1), id(2));
    }

    @Test
    void shouldRefuseRecordsOfANewerRelease() {
        append(id(1));
        ByteBuffer unknown = ByteBuffer.wrap(new byte[] {0x7f, 0, 0, 0});
        assertThatThrownBy(() -> MetadataRecords.decode(unknown))
                .isInstanceOf(MetadataException.class)
                .hasMessageContaining("newer release");
    }

    @Test
    void shouldGoOnBehindTheLastRecordThatCountsWhenTheDiskWorksAgain() throws IOException {
        append(id(1));
        Path files = folder.resolve(LocalMetadataLog.FOLDER);
        Path away = folder.resolve("away");
        Files.move(files, away);
        assertThat(log.replace(List.of(id(7))).toCompletableFuture()).isCompletedExceptionally();
        assertThat(log.append(List.of(id(8))).toCompletableFuture()).isCompletedExceptionally();
        assertThat(failures).isEqualTo(2);
        assertThat(log.endOffset()).isEqualTo(1);

        Files.move(away, files);
        append(id(2));
        assertThat(log.endOffset()).isEqualTo(2);
        assertThat(state.records).containsExactly(id(1), id(2));
        reopen();
        assertThat(state.records).containsExactly(id(1), id(2));
    }

    private void reopen() {
        log.close();
        open();
    }

    private void append(Message... records) {
        assertThat(log.append(List.of(records)).toCompletableFuture()).isCompleted();
    }

    private static Message id(int number) {
        return new TopicDeleted().topicId(new UUID(0, number));
    }

    /** What a controller would know. */
    private static final class State implements MetadataLog.Subscriber {
        private final List<Message> records = new ArrayList<>();

        @Override
        public void replaced(List<Message> snapshot) {
            records.clear();
            records.addAll(snapshot);
        }

        @Override
        public void committed(List<Message> committed) {
            records.addAll(committed);
        }
    }
}
