package io.milena.server.handler.records;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.AlterReplicaLogDirsRequest;
import io.milena.protocol.message.AlterReplicaLogDirsResponse;
import io.milena.server.partition.TestPartitions;
import io.milena.server.request.TestRequests;
import io.milena.server.storage.DataFolder;
import io.milena.server.storage.TestFolders;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlterReplicaLogDirsHandlerTest {
    @TempDir
    private Path folder;

    private TestPartitions partitions;

    @BeforeEach
    void open() {
        partitions = new TestPartitions(folder);
        partitions.create("a", 0);
    }

    @AfterEach
    void close() {
        partitions.close();
    }

    @Test
    void shouldAnswerWhatIsTrueAlready() {
        assertThat(ask(folder.toString(), "a")).isEqualTo(ErrorCode.NONE);
        assertThat(ask(folder.toString(), "b")).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void shouldRefuseWhatCannotBe() {
        assertThat(ask("nowhere", "a")).isEqualTo(ErrorCode.LOG_DIR_NOT_FOUND);
        assertThat(ask("nowhere", "b")).isEqualTo(ErrorCode.LOG_DIR_NOT_FOUND);
        assertThat(ask(folder.resolve("failed").toString(), "b")).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(ask(folder.resolve("other").toString(), "a")).isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
        assertThat(ask("\0", "a")).isEqualTo(ErrorCode.LOG_DIR_NOT_FOUND);
    }

    private ErrorCode ask(String path, String topic) {
        List<DataFolder> folders = List.of(
                partitions.disk().folder(),
                TestFolders.at(folder.resolve("other")),
                TestFolders.failed(folder.resolve("failed")));
        AlterReplicaLogDirsRequest.Dir dir = new AlterReplicaLogDirsRequest.Dir()
                .path(path)
                .topics(List.of(
                        new AlterReplicaLogDirsRequest.Topic().name(topic).partitions(List.of(0))));
        AlterReplicaLogDirsResponse response = new AlterReplicaLogDirsHandler(partitions, folders)
                .handle(
                        new AlterReplicaLogDirsRequest().dirs(List.of(dir)),
                        TestRequests.context(ApiKey.ALTER_REPLICA_LOG_DIRS, 2))
                .toCompletableFuture()
                .join();
        return response.results().get(0).partitions().get(0).errorCode();
    }
}
