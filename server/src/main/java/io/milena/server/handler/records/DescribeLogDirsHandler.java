package io.milena.server.handler.records;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeLogDirsRequest;
import io.milena.protocol.message.DescribeLogDirsResponse;
import io.milena.server.partition.Partition;
import io.milena.server.partition.ReplicaMoves;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import io.milena.server.storage.DataFolder;
import io.milena.server.storage.DiskErrors;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
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

/** Tells how much the partitions take of each data folder, and how much room its disk has (KIP-113, KIP-827). Asks the disks in the background. */
public final class DescribeLogDirsHandler implements ApiHandler<DescribeLogDirsRequest, DescribeLogDirsResponse> {
    private static final Logger LOG = LoggerFactory.getLogger(DescribeLogDirsHandler.class);

    private final Supplier<List<Partition>> partitions;
    private final Supplier<List<ReplicaMoves.Future>> futures;
    private final List<DataFolder> folders;
    private final Executor background;

    /**
     * @param partitions all partitions that are here
     * @param futures copies that are to take the place of some
     * @param folders where they are
     * @param background may block on the disk
     */
    public DescribeLogDirsHandler(
            Supplier<List<Partition>> partitions,
            Supplier<List<ReplicaMoves.Future>> futures,
            List<DataFolder> folders,
            Executor background) {
        this.partitions = partitions;
        this.futures = futures;
        this.folders = List.copyOf(folders);
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
                () -> new DescribeLogDirsResponse().results(describe(wanted == null ? any -> true : in(wanted))),
                background);
    }

    private static Predicate<Partition> in(List<DescribeLogDirsRequest.Topic> wanted) {
        return partition -> wanted.stream()
                .anyMatch(topic -> topic.topic().equals(partition.topic())
                        && topic.partitions().contains(partition.index()));
    }

    private List<DescribeLogDirsResponse.Result> describe(Predicate<Partition> wanted) {
        List<Partition> all = partitions.get().stream().filter(wanted).toList();
        List<ReplicaMoves.Future> moving = futures.get().stream()
                .filter(future -> wanted.test(future.partition()))
                .toList();
        List<DescribeLogDirsResponse.Result> results = new ArrayList<>(folders.size());
        for (DataFolder folder : folders) {
            results.add(describe(folder, all, moving));
        }
        return results;
    }

    private static DescribeLogDirsResponse.Result describe(
            DataFolder folder, List<Partition> wanted, List<ReplicaMoves.Future> futures) {
        DescribeLogDirsResponse.Result result =
                new DescribeLogDirsResponse.Result().logDir(folder.path().toString());
        if (!folder.isOnline()) {
            return result.errorCode(ErrorCode.KAFKA_STORAGE_ERROR);
        }
        try {
            FileStore store = Files.getFileStore(folder.path());
            result.totalBytes(store.getTotalSpace()).usableBytes(store.getUsableSpace());
        } catch (IOException e) {
            LOG.error("data folder cannot be asked: folder={} reason=\"{}\"", folder, DiskErrors.reason(e));
            return result.errorCode(ErrorCode.KAFKA_STORAGE_ERROR);
        }
        Map<String, List<DescribeLogDirsResponse.Partition>> byTopic = new TreeMap<>();
        for (Partition partition : wanted) {
            if (partition.folder() == folder) {
                byTopic.computeIfAbsent(partition.topic(), name -> new ArrayList<>())
                        .add(new DescribeLogDirsResponse.Partition()
                                .partitionIndex(partition.index())
                                .partitionSize(partition.log().sizeInBytes()));
            }
        }
        for (ReplicaMoves.Future future : futures) {
            if (future.folder() == folder && future.partition().folder() != folder) {
                byTopic.computeIfAbsent(future.partition().topic(), name -> new ArrayList<>())
                        .add(new DescribeLogDirsResponse.Partition()
                                .partitionIndex(future.partition().index())
                                .partitionSize(future.sizeInBytes())
                                .offsetLag(future.lag())
                                .isFutureKey(true));
            }
        }
        return result.topics(byTopic.entrySet().stream()
                .map(topic ->
                        new DescribeLogDirsResponse.Topic().name(topic.getKey()).partitions(topic.getValue()))
                .toList());
    }
}
