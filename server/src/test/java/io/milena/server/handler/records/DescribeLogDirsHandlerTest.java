package io.milena.server.handler.records;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeLogDirsRequest;
import io.milena.protocol.message.DescribeLogDirsResponse;
import io.milena.server.partition.Partition;
import io.milena.server.partition.TestPartitions;
import io.milena.server.request.TestRequests;
import io.milena.server.storage.DataFolder;
import io.milena.server.storage.TestFolders;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DescribeLogDirsHandlerTest {
    @TempDir
    private Path folder;

    private TestPartitions partitions;

    @BeforeEach
    void open() {
        partitions = new TestPartitions(folder);
    }

    @AfterEach
    void close() {
        partitions.close();
    }

    @Test
    void shouldTellSizesAndRoom() {
        Partition a = partitions.create("a", 0);
        Partition b = partitions.create("b", 1);
        int size = partitions.append(b, "x", "y");
        DescribeLogDirsResponse.Result result = call(partitions.disk().folder(), List.of(a, b), null);
        assertThat(result.errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(result.logDir()).isEqualTo(folder.toString());
        assertThat(result.totalBytes()).isPositive();
        assertThat(result.usableBytes()).isBetween(0L, result.totalBytes());
        assertThat(result.topics())
                .extracting(DescribeLogDirsResponse.Topic::name)
                .containsExactly("a", "b");
        assertThat(result.topics().get(1).partitions())
                .containsExactly(new DescribeLogDirsResponse.Partition()
                        .partitionIndex(1)
                        .partitionSize(size));
    }

    @Test
    void shouldTellOnlyWhatIsAskedFor() {
        List<Partition> all = List.of(partitions.create("a", 0), partitions.create("a", 1));
        DescribeLogDirsRequest.Topic wanted =
                new DescribeLogDirsRequest.Topic().topic("a").partitions(List.of(1, 7));
        assertThat(call(partitions.disk().folder(), all, List.of(wanted)).topics())
                .singleElement()
                .satisfies(topic -> assertThat(topic.partitions())
                        .extracting(DescribeLogDirsResponse.Partition::partitionIndex)
                        .containsExactly(1));
        assertThat(call(partitions.disk().folder(), all, List.of()).topics()).isEmpty();
    }

    @Test
    void shouldSayThatTheDiskIsGone() {
        DescribeLogDirsResponse.Result result = call(TestFolders.at(folder.resolve("gone")), List.of(), null);
        assertThat(result.errorCode()).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(result.logDir()).isEqualTo(folder.resolve("gone").toString());
    }

    @Test
    void shouldTellEachFolderOnItsOwn() {
        Partition a = partitions.create("a", 0);
        DataFolder other = TestFolders.at(folder.resolve("other"));
        List<DescribeLogDirsResponse.Result> results = call(
                List.of(
                        TestFolders.failed(folder.resolve("failed")),
                        partitions.disk().folder()),
                List.of(a),
                null);
        assertThat(results.get(0))
                .isEqualTo(new DescribeLogDirsResponse.Result()
                        .errorCode(ErrorCode.KAFKA_STORAGE_ERROR)
                        .logDir(folder.resolve("failed").toString()));
        assertThat(results.get(1).topics()).hasSize(1);
        assertThat(call(List.of(other), List.of(a), null).get(0).topics()).isEmpty();
    }

    private static DescribeLogDirsResponse.Result call(
            DataFolder folder, List<Partition> all, @Nullable List<DescribeLogDirsRequest.Topic> wanted) {
        return call(List.of(folder), all, wanted).get(0);
    }

    private static List<DescribeLogDirsResponse.Result> call(
            List<DataFolder> folders, List<Partition> all, @Nullable List<DescribeLogDirsRequest.Topic> wanted) {
        return new DescribeLogDirsHandler(() -> all, List::of, folders, Runnable::run)
                .handle(new DescribeLogDirsRequest().topics(wanted), TestRequests.context(ApiKey.DESCRIBE_LOG_DIRS, 5))
                .toCompletableFuture()
                .join()
                .results();
    }
}
