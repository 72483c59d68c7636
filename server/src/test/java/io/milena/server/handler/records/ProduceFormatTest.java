package io.milena.server.handler.records;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.log.AppendResult;
import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ProduceRequest;
import io.milena.protocol.message.ProduceResponse;
import io.milena.protocol.wire.BufferRecords;
import io.milena.protocol.wire.ProtocolException;
import io.milena.protocol.wire.Reader;
import io.milena.protocol.wire.Records;
import io.milena.protocol.wire.Writer;
import io.milena.server.cluster.TestImages;
import io.milena.server.coordinator.transaction.TransactionFixture;
import io.milena.server.partition.Partition;
import io.milena.server.partition.PartitionLookup;
import io.milena.server.request.ClientConnection;
import io.milena.server.request.TestRequests;
import io.milena.server.strand.ManualTimers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the bytes are, the generated messages read the same of them, refuse the same and write the same. */
class ProduceFormatTest {
    private static final int REQUESTS = 150;
    private static final List<String> NAMES = List.of("", "orders", "orderz", "Straße", "a".repeat(249), "順序");

    private final ProduceOperation.Surroundings surroundings = new ProduceOperation.Surroundings(
            new NoPartitions(), new TestImages().source(), new ManualTimers(), new TransactionFixture().verification());

    /** Kept from request to request, as it is with a real client: what was named before must not be taken for what is named now. */
    private final ClientConnection connection = TestRequests.connection(Runnable::run);

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13})
    void shouldReadRandomRequests(int version) {
        Random random = new Random(version);
        for (int i = 0; i < REQUESTS; i++) {
            ByteBuffer bytes = written(randomRequest(random), version);
            assertThat(readInPlace(bytes, version)).isEqualTo(readGenerated(bytes, version));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13})
    void shouldRefuseWhatIsCutShort(int version) {
        ByteBuffer bytes = written(randomRequest(new Random(100 + version)), version);
        BrokenBytes.forEachBeginning(bytes, cut -> shouldReadAlike(cut, version));
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13})
    void shouldReadAndRefuseDamagedBytes(int version) {
        Random random = new Random(200 + version);
        for (int i = 0; i < REQUESTS; i++) {
            ByteBuffer bytes = written(randomRequest(random), version);
            BrokenBytes.forSomeDamages(bytes, random, damaged -> shouldReadAlike(damaged, version));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13})
    void shouldWriteRandomResponses(int version) {
        Random random = new Random(300 + version);
        for (int i = 0; i < REQUESTS; i++) {
            ProduceOperation operation = new ProduceOperation(surroundings);
            ByteBuffer bytes = written(randomRequest(random), version);
            ProduceFormat.read(new Reader(bytes), version, connection, operation);
            List<ProduceResponse.NodeEndpoint> leaders = version >= 10 ? randomLeaders(random) : List.of();
            ProduceResponse expected =
                    answered(operation, version, random).throttleTimeMs(i).nodeEndpoints(leaders);

            Writer inPlace = new Writer(256);
            ProduceFormat.write(inPlace, version, operation.firstTopic(), i, leaders);
            Writer generated = new Writer(256);
            expected.write(generated, version);
            assertThat(inPlace.joined()).isEqualTo(generated.joined());

            List<ErrorCode> errors = new ArrayList<>();
            operation.forEachError(errors::add);
            expected.forEachError(error -> assertThat(errors.remove(0)).isEqualTo(error));
            assertThat(errors).isEmpty();
        }
    }

    private void shouldReadAlike(ByteBuffer bytes, int version) {
        assertThat(readInPlace(bytes, version))
                .as("%d bytes", bytes.remaining())
                .isEqualTo(readGenerated(bytes, version));
    }

    /** What was read, or why not, and how far. */
    private String readInPlace(ByteBuffer bytes, int version) {
        Reader reader = new Reader(bytes);
        ProduceOperation operation = new ProduceOperation(surroundings);
        try {
            ProduceFormat.read(reader, version, connection, operation);
        } catch (ProtocolException e) {
            return e.getMessage();
        }
        List<ProduceRequest.Topic> topics = new ArrayList<>();
        for (ProducedTopic topic = operation.firstTopic(); topic != null; topic = topic.next()) {
            List<ProduceRequest.Partition> partitions = new ArrayList<>();
            for (PartitionAppend append = topic.first(); append != null; append = append.next()) {
                ByteBuffer batch = append.batch();
                partitions.add(new ProduceRequest.Partition()
                        .index(append.index())
                        .records(batch == null ? null : new BufferRecords(batch)));
            }
            topics.add(new ProduceRequest.Topic()
                    .name(topic.name())
                    .topicId(topic.id())
                    .partitionData(partitions));
        }
        ProduceRequest request = new ProduceRequest()
                .transactionalId(operation.transactionalId())
                .acks(operation.acks())
                .timeoutMs(operation.timeoutMs())
                .topicData(topics);
        return text(request, reader);
    }

    private static String readGenerated(ByteBuffer bytes, int version) {
        Reader reader = new Reader(bytes);
        try {
            return text((ProduceRequest) ApiKey.PRODUCE.readRequest(reader, version), reader);
        } catch (ProtocolException e) {
            return e.getMessage();
        }
    }

    private static String text(ProduceRequest request, Reader reader) {
        StringBuilder text = new StringBuilder(request.toString());
        for (ProduceRequest.Topic topic : request.topicData()) {
            for (ProduceRequest.Partition partition : topic.partitionData()) {
                text.append(' ').append(content(partition.records()));
            }
        }
        return text + " up to " + reader.position();
    }

    private static String content(@Nullable Records records) {
        if (records == null) {
            return "null";
        }
        byte[] copy = new byte[records.sizeInBytes()];
        records.buffer().get(copy);
        return Arrays.toString(copy);
    }

    private static ByteBuffer written(ProduceRequest request, int version) {
        Writer writer = new Writer(256);
        request.write(writer, version);
        return writer.joined();
    }

    private static ProduceRequest randomRequest(Random random) {
        List<ProduceRequest.Topic> topics = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            List<ProduceRequest.Partition> partitions = new ArrayList<>();
            for (int j = random.nextInt(4); j > 0; j--) {
                partitions.add(
                        new ProduceRequest.Partition().index(random.nextInt()).records(randomRecords(random)));
            }
            topics.add(new ProduceRequest.Topic()
                    .name(NAMES.get(random.nextInt(NAMES.size())))
                    .topicId(new UUID(random.nextInt(2), random.nextInt(2)))
                    .partitionData(partitions));
        }
        return new ProduceRequest()
                .transactionalId(random.nextBoolean() ? null : NAMES.get(random.nextInt(NAMES.size())))
                .acks((short) (random.nextInt(3) - 1))
                .timeoutMs(random.nextInt())
                .topicData(topics);
    }

    private static @Nullable Records randomRecords(Random random) {
        if (random.nextInt(5) == 0) {
            return null;
        }
        byte[] bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        return new BufferRecords(ByteBuffer.wrap(bytes));
    }

    /** Answers all partitions, and says the same in a message. */
    private static ProduceResponse answered(ProduceOperation operation, int version, Random random) {
        List<ProduceResponse.Topic> topics = new ArrayList<>();
        for (ProducedTopic topic = operation.firstTopic(); topic != null; topic = topic.next()) {
            List<ProduceResponse.Partition> partitions = new ArrayList<>();
            for (PartitionAppend append = topic.first(); append != null; append = append.next()) {
                partitions.add(random.nextBoolean() ? appended(append, random) : refused(append, version, random));
            }
            topics.add(new ProduceResponse.Topic()
                    .name(topic.name())
                    .topicId(topic.id())
                    .partitionResponses(partitions));
        }
        return new ProduceResponse().responses(topics);
    }

    private static ProduceResponse.Partition appended(PartitionAppend append, Random random) {
        AppendResult result =
                new AppendResult(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong(), 1);
        append.result(result);
        return new ProduceResponse.Partition()
                .index(append.index())
                .baseOffset(result.firstOffset())
                .logAppendTimeMs(result.logAppendTimeMs())
                .logStartOffset(result.logStartOffset());
    }

    private static ProduceResponse.Partition refused(PartitionAppend append, int version, Random random) {
        ProduceResponse.Partition answer = append.refuse(ErrorCode.CORRUPT_MESSAGE)
                .logStartOffset(random.nextLong())
                .errorMessage(random.nextBoolean() ? null : "reason");
        if (random.nextBoolean()) {
            answer.recordErrors(List.of(new ProduceResponse.RecordError()
                    .batchIndex(random.nextInt())
                    .batchIndexErrorMessage("bad")));
        }
        if (version >= 10 && random.nextBoolean()) {
            answer.currentLeader(
                    new ProduceResponse.LeaderIdAndEpoch().leaderId(1).leaderEpoch(random.nextInt()));
        }
        return answer;
    }

    private static List<ProduceResponse.NodeEndpoint> randomLeaders(Random random) {
        List<ProduceResponse.NodeEndpoint> leaders = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            leaders.add(new ProduceResponse.NodeEndpoint()
                    .nodeId(i)
                    .host("h".repeat(random.nextInt(200)))
                    .port(9092)
                    .rack(random.nextBoolean() ? null : "rack"));
        }
        return leaders;
    }

    /** Nothing is appended here. */
    private static final class NoPartitions implements PartitionLookup {
        @Override
        public @Nullable Partition find(String topic, int index) {
            return null;
        }

        @Override
        public @Nullable Partition find(UUID topicId, int index) {
            return null;
        }

        @Override
        public ErrorCode whyMissing(String topic, int index) {
            return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        }

        @Override
        public ErrorCode whyMissing(UUID topicId, int index) {
            return ErrorCode.UNKNOWN_TOPIC_ID;
        }
    }
}
