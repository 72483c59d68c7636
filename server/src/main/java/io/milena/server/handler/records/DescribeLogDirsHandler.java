package io.milena.server.handler.records;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeLogDirsRequest;
import io.milena.protocol.message.DescribeLogDirsResponse;
import io.milena.server.partition.Partition;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells how much the partitions take of the data folder, and how much room its disk has (KIP-113, KIP-827). Asks the disk in the background. */
public final class DescribeLogDirsHandler implements ApiHandler<DescribeLogDirsRequest, DescribeLogDirsResponse> {
    private static final Logger LOG = LoggerFactory.getLogger(DescribeLogDirsHandler.class);

    private final Supplier<List<Partition>> partitions;
    private final Path folder;
    private final Executor background;

    /**
     * @param partitions all partitions that are here
     * @param folder where they are
     * @param background may block on the disk
     */
    public DescribeLogDirsHandler(Supplier<List<Partition>> partitions, Path folder, Executor background) {
        this.partitions = partitions;
        this.folder = folder.toAbsolutePath();
        this.background = background;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.DESCRIBE_LOG_DIRS;
    }

    @Override
    public CompletionStage<DescribeLogDirsResponse> handle(DescribeLogDirsRequest request, RequestContext context) {
        List<DescribeLogDirsRequest.Topic> wanted = request.topics();
        return CompletableFuture.supplyAsync(
                () -> new DescribeLogDirsResponse()
                        .results(List.of(describe(wanted == null ? any -> true : in(wanted)))),
                background);
    }

    private static Predicate<Partition> in(List<DescribeLogDirsRequest.Topic> wanted) {
        return partition -> wanted.stream()
                .anyMatch(topic -> topic.topic().equals(partition.topic())
                        && topic.partitions().contains(partition.index()));
    }

    private DescribeLogDirsResponse.Result describe(Predicate<Partition> wanted) {
        DescribeLogDirsResponse.Result result = new DescribeLogDirsResponse.Result().logDir(folder.toString());
        try {
            FileStore store = Files.getFileStore(folder);
            result.totalBytes(store.getTotalSpace()).usableBytes(store.getUsableSpace());
        } catch (IOException e) {
            LOG.error("data folder cannot be asked: folder={} reason={}", folder, e.getMessage());
            return result.errorCode(ErrorCode.KAFKA_STORAGE_ERROR);
        }
        Map<String, List<DescribeLogDirsResponse.Partition>> byTopic = new TreeMap<>();
        for (Partition partition : partitions.get()) {
            if (wanted.test(partition)) {
                byTopic.computeIfAbsent(partition.topic(), name -> new ArrayList<>())
                        .add(new DescribeLogDirsResponse.Partition()
                                .partitionIndex(partition.index())
                                .partitionSize(partition.log().sizeInBytes()));
            }
        }
        return result.topics(byTopic.entrySet().stream()
                .map(topic ->
                        new DescribeLogDirsResponse.Topic().name(topic.getKey()).partitions(topic.getValue()))
                .toList());
    }
}
