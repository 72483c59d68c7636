package io.milena.server.handler.records;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.AlterReplicaLogDirsRequest;
import io.milena.protocol.message.AlterReplicaLogDirsResponse;
import io.milena.server.request.TestRequests;
import io.milena.server.storage.DataFolder;
import io.milena.server.storage.TestFolders;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlterReplicaLogDirsHandlerTest {
    @TempDir
    private Path folder;

    private final List<String> moved = new ArrayList<>();

    @Test
    void shouldAnswerForEachPartitionOfEachFolder() {
        assertThat(ask(folder.resolve("here").toString(), "a")).isEqualTo("[a 0 NONE, a 1 REPLICA_NOT_AVAILABLE]");
        assertThat(moved).containsExactly("a-0 here", "a-1 here");
    }

    @Test
    void shouldRefuseFoldersThatAreNone() {
        assertThat(ask("nowhere", "a")).isEqualTo("[a 0 LOG_DIR_NOT_FOUND, a 1 LOG_DIR_NOT_FOUND]");
        assertThat(ask("\0", "a")).isEqualTo("[a 0 LOG_DIR_NOT_FOUND, a 1 LOG_DIR_NOT_FOUND]");
        assertThat(moved).isEmpty();
    }

    private ErrorCode move(String topic, int index, DataFolder to) {
        moved.add(topic + "-" + index + " " + to.path().getFileName());
        return index == 0 ? ErrorCode.NONE : ErrorCode.REPLICA_NOT_AVAILABLE;
    }

    private String ask(String path, String topic) {
        List<DataFolder> folders = List.of(TestFolders.at(folder.resolve("here")));
        AlterReplicaLogDirsRequest.Dir dir = new AlterReplicaLogDirsRequest.Dir()
                .path(path)
                .topics(List.of(
                        new AlterReplicaLogDirsRequest.Topic().name(topic).partitions(List.of(0, 1))));
        AlterReplicaLogDirsResponse response = new AlterReplicaLogDirsHandler(this::move, folders)
                .handle(
                        new AlterReplicaLogDirsRequest().dirs(List.of(dir)),
                        TestRequests.context(ApiKey.ALTER_REPLICA_LOG_DIRS, 2))
                .toCompletableFuture()
                .join();
        AlterReplicaLogDirsResponse.Topic answer = response.results().get(0);
        return answer.partitions().stream()
                .map(partition -> answer.topicName() + " " + partition.partitionIndex() + " " + partition.errorCode())
                .toList()
                .toString();
    }
}
