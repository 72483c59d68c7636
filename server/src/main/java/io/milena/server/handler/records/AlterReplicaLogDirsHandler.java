package io.milena.server.handler.records;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.AlterReplicaLogDirsRequest;
import io.milena.protocol.message.AlterReplicaLogDirsResponse;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import io.milena.server.storage.DataFolder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Asks for replicas to lie in certain data folders (KIP-113): they are moved there in the background, or will be made there.
 */
public final class AlterReplicaLogDirsHandler
        implements ApiHandler<AlterReplicaLogDirsRequest, AlterReplicaLogDirsResponse> {
    private final Moves moves;
    private final List<DataFolder> folders;

    /** Moves partitions. */
    @FunctionalInterface
    public interface Moves {
        /** Begins to move a partition to a folder: NONE, or why not. */
        ErrorCode move(String topic, int index, DataFolder to);
    }

    public AlterReplicaLogDirsHandler(Moves moves, List<DataFolder> folders) {
        this.moves = moves;
        this.folders = List.copyOf(folders);
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.ALTER_REPLICA_LOG_DIRS;
    }

    @Override
    public CompletionStage<AlterReplicaLogDirsResponse> handle(
            AlterReplicaLogDirsRequest request, RequestContext context) {
        Map<String, List<AlterReplicaLogDirsResponse.Partition>> byTopic = new TreeMap<>();
        for (AlterReplicaLogDirsRequest.Dir wanted : request.dirs()) {
            DataFolder folder = folderAt(wanted.path());
            for (AlterReplicaLogDirsRequest.Topic topic : wanted.topics()) {
                List<AlterReplicaLogDirsResponse.Partition> answers =
                        byTopic.computeIfAbsent(topic.name(), name -> new ArrayList<>());
                for (int index : topic.partitions()) {
                    answers.add(new AlterReplicaLogDirsResponse.Partition()
                            .partitionIndex(index)
                            .errorCode(error(folder, topic.name(), index)));
                }
            }
        }
        List<AlterReplicaLogDirsResponse.Topic> results = new ArrayList<>(byTopic.size());
        byTopic.forEach((name, answers) -> results.add(
                new AlterReplicaLogDirsResponse.Topic().topicName(name).partitions(answers)));
        return CompletableFuture.completedStage(new AlterReplicaLogDirsResponse().results(results));
    }

    private @Nullable DataFolder folderAt(String path) {
        for (DataFolder folder : folders) {
            if (folder.path().toString().equals(path)) {
                return folder;
            }
        }
        return null;
    }

    private ErrorCode error(@Nullable DataFolder folder, String topic, int index) {
        return folder == null ? ErrorCode.LOG_DIR_NOT_FOUND : moves.move(topic, index, folder);
    }
}
