package io.milena.server.cli;

import io.milena.log.batch.BatchBuilder;
import io.milena.protocol.ApiKey;
import io.milena.protocol.Message;
import io.milena.protocol.RequestHeader;
import io.milena.protocol.message.ApiVersionsRequest;
import io.milena.protocol.message.CreateTopicsRequest;
import io.milena.protocol.message.FetchRequest;
import io.milena.protocol.message.FindCoordinatorRequest;
import io.milena.protocol.message.InitProducerIdRequest;
import io.milena.protocol.message.ListOffsetsRequest;
import io.milena.protocol.message.MetadataRequest;
import io.milena.protocol.message.ProduceRequest;
import io.milena.protocol.wire.Records;
import io.milena.protocol.wire.Writer;
import io.milena.server.Broker;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * Uses each part of a broker once that a start and its first clients use, so that the JVM can write an archive of the classes:
 * {@code java -XX:ArchiveClassesAtExit=FILE -cp milena.jar io.milena.server.cli.TrainingRun FOLDER}. The launcher does so.
 */
final class TrainingRun {
    private static final String TOPIC = "training";

    private record Bytes(ByteBuffer buffer) implements Records {
        @Override
        public int sizeInBytes() {
            return buffer.remaining();
        }
    }

    private final DataInputStream in;
    private final Socket socket;
    private int correlationId;

    private TrainingRun(Socket socket) throws IOException {
        this.socket = socket;
        in = new DataInputStream(socket.getInputStream());
    }

    /** Starts a broker on a free port with its data in the folder that is named, and stops it again. */
    public static void main(String[] arguments) throws IOException {
        StartCommand start = Objects.requireNonNull(StartArguments.parse(
                "start",
                "--set",
                "log.dirs=" + arguments[0],
                "--set",
                "listeners=PLAINTEXT://127.0.0.1:0",
                "--set",
                "milena.admin.listener=127.0.0.1:0",
                "--cluster-id",
                TOPIC,
                "--ready-line",
                TOPIC));
        Broker broker = start.open();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), broker.port("PLAINTEXT"))) {
            new TrainingRun(socket).callAll();
        } finally {
            broker.close();
        }
        System.exit(ExitCode.DONE);
    }

    private void callAll() throws IOException {
        newest(
                ApiKey.API_VERSIONS,
                new ApiVersionsRequest().clientSoftwareName("training").clientSoftwareVersion("1"));
        call(ApiKey.METADATA, 1, new MetadataRequest().topics(null));
        newest(ApiKey.METADATA, new MetadataRequest().topics(null));
        CreateTopicsRequest.Topic topic =
                new CreateTopicsRequest.Topic().name(TOPIC).numPartitions(2).replicationFactor((short) 1);
        newest(
                ApiKey.CREATE_TOPICS,
                new CreateTopicsRequest().topics(List.of(topic)).timeoutMs(10_000));
        newest(ApiKey.INIT_PRODUCER_ID, new InitProducerIdRequest().transactionTimeoutMs(1_000));
        call(ApiKey.PRODUCE, 9, produce());
        call(ApiKey.FETCH, 12, fetch());
        call(ApiKey.LIST_OFFSETS, 7, listOffsets());
        newest(ApiKey.FIND_COORDINATOR, new FindCoordinatorRequest().coordinatorKeys(List.of("group")));
    }

    private static ProduceRequest produce() {
        ByteBuffer value = ByteBuffer.wrap("x".getBytes(StandardCharsets.UTF_8));
        ByteBuffer batch = new BatchBuilder()
                .append(System.currentTimeMillis(), null, value)
                .build()
                .bytes();
        ProduceRequest.Partition partition =
                new ProduceRequest.Partition().index(0).records(new Bytes(batch));
        return new ProduceRequest()
                .acks((short) -1)
                .timeoutMs(10_000)
                .topicData(List.of(new ProduceRequest.Topic().name(TOPIC).partitionData(List.of(partition))));
    }

    private static FetchRequest fetch() {
        FetchRequest.Partition partition =
                new FetchRequest.Partition().partition(0).partitionMaxBytes(1024);
        return new FetchRequest()
                .maxBytes(1024)
                .sessionEpoch(-1)
                .topics(List.of(new FetchRequest.Topic().topic(TOPIC).partitions(List.of(partition))));
    }

    private static ListOffsetsRequest listOffsets() {
        ListOffsetsRequest.Partition partition =
                new ListOffsetsRequest.Partition().partitionIndex(0).timestamp(-1);
        return new ListOffsetsRequest()
                .topics(List.of(new ListOffsetsRequest.Topic().name(TOPIC).partitions(List.of(partition))));
    }

    private void newest(ApiKey apiKey, Message request) throws IOException {
        call(apiKey, apiKey.versions().highest(), request);
    }

    private void call(ApiKey apiKey, int version, Message request) throws IOException {
        Writer writer = new Writer(256);
        writer.writeInt32(0);
        new RequestHeader(apiKey.id(), (short) version, correlationId++, TOPIC)
                .write(writer, apiKey.requestHeaderVersion(version));
        request.write(writer, version);
        writer.patchInt32(0, writer.sizeInBytes() - Integer.BYTES);
        ByteBuffer frame = writer.joined();
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        socket.getOutputStream().write(bytes);
        in.readFully(new byte[in.readInt()]);
    }
}
