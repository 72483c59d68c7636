package io.milena.server.handler.records;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.ApiKey;
import io.milena.protocol.message.FetchRequest;
import io.milena.protocol.wire.ProtocolException;
import io.milena.protocol.wire.Reader;
import io.milena.protocol.wire.Writer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the bytes are, the generated message reads the same of them, and refuses the same. */
class FetchFormatTest {
    private static final int REQUESTS = 150;
    private static final int MANY = 50;
    private static final List<String> NAMES = List.of("", "orders", "orderz", "Straße", "a".repeat(249), "順序");

    /** Kept from request to request, as it is with a real client: what was named before must not be taken for what is named now. */
    private final FetchFormat format = new FetchFormat();

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18})
    void shouldReadRandomRequests(int version) {
        Random random = new Random(version);
        for (int i = 0; i < REQUESTS; i++) {
            ByteBuffer bytes = written(randomRequest(random, version), version);
            assertThat(readInPlace(bytes, version)).isEqualTo(readGenerated(bytes, version));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18})
    void shouldRefuseWhatIsCutShort(int version) {
        ByteBuffer bytes = written(randomRequest(new Random(100 + version), version), version);
        BrokenBytes.forEachBeginning(bytes, cut -> shouldReadAlike(cut, version));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18})
    void shouldReadAndRefuseDamagedBytes(int version) {
        Random random = new Random(200 + version);
        for (int i = 0; i < REQUESTS; i++) {
            ByteBuffer bytes = written(randomRequest(random, version), version);
            BrokenBytes.forSomeDamages(bytes, random, damaged -> shouldReadAlike(damaged, version));
        }
    }

    @Test
    void shouldReadOnAfterOtherVersionsAndManyPartitions() {
        Random random = new Random(7);
        for (int i = 0; i < REQUESTS; i++) {
            int version = 4 + random.nextInt(15);
            FetchRequest request = randomRequest(random, version);
            if (random.nextInt(5) == 0) {
                request.topics(List.of(randomTopic(random, version, MANY)));
            }
            ByteBuffer bytes = written(request, version);
            assertThat(readInPlace(bytes, version)).isEqualTo(readGenerated(bytes, version));
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
        try {
            return format.read(reader, version) + " up to " + reader.position();
        } catch (ProtocolException e) {
            return e.getMessage();
        }
    }

    private static String readGenerated(ByteBuffer bytes, int version) {
        Reader reader = new Reader(bytes);
        try {
            return ApiKey.FETCH.readRequest(reader, version) + " up to " + reader.position();
        } catch (ProtocolException e) {
            return e.getMessage();
        }
    }

    private static ByteBuffer written(FetchRequest request, int version) {
        Writer writer = new Writer(256);
        request.write(writer, version);
        return writer.joined();
    }

    private static FetchRequest randomRequest(Random random, int version) {
        List<FetchRequest.Topic> topics = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            topics.add(randomTopic(random, version, random.nextInt(4)));
        }
        FetchRequest request = new FetchRequest()
                .maxWaitMs(random.nextInt())
                .minBytes(random.nextInt())
                .maxBytes(random.nextInt())
                .isolationLevel((byte) random.nextInt(2))
                .topics(topics);
        if (version < 15) {
            request.replicaId(random.nextInt(4) - 1);
        } else if (random.nextBoolean()) {
            request.replicaState(
                    new FetchRequest.ReplicaState().replicaId(random.nextInt()).replicaEpoch(random.nextLong()));
        }
        if (version >= 7) {
            request.sessionId(random.nextInt())
                    .sessionEpoch(random.nextInt())
                    .forgottenTopicsData(forgotten(random, version));
        }
        if (version >= 11) {
            request.rackId(NAMES.get(random.nextInt(NAMES.size())));
        }
        if (version >= 12 && random.nextBoolean()) {
            request.clusterId(NAMES.get(random.nextInt(NAMES.size())));
        }
        return request;
    }

    private static FetchRequest.Topic randomTopic(Random random, int version, int partitions) {
        List<FetchRequest.Partition> all = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            FetchRequest.Partition partition = new FetchRequest.Partition()
                    .partition(random.nextInt())
                    .fetchOffset(random.nextLong())
                    .partitionMaxBytes(random.nextInt());
            all.add(partition);
            if (version >= 5) {
                partition.logStartOffset(random.nextLong());
            }
            if (version >= 9) {
                partition.currentLeaderEpoch(random.nextInt());
            }
            if (version >= 12) {
                partition.lastFetchedEpoch(random.nextInt());
            }
            if (version >= 17 && random.nextBoolean()) {
                partition.replicaDirectoryId(new UUID(random.nextLong(), 1));
            }
            if (version >= 18 && random.nextBoolean()) {
                partition.highWatermark(random.nextLong());
            }
        }
        FetchRequest.Topic topic = new FetchRequest.Topic().partitions(all);
        return version >= 13
                ? topic.topicId(new UUID(random.nextInt(2), random.nextInt(2)))
                : topic.topic(NAMES.get(random.nextInt(NAMES.size())));
    }

    private static List<FetchRequest.ForgottenTopic> forgotten(Random random, int version) {
        List<FetchRequest.ForgottenTopic> forgotten = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            FetchRequest.ForgottenTopic topic =
                    new FetchRequest.ForgottenTopic().partitions(List.of(random.nextInt(), random.nextInt()));
            forgotten.add(
                    version >= 13
                            ? topic.topicId(new UUID(random.nextInt(2), random.nextInt(2)))
                            : topic.topic(NAMES.get(random.nextInt(NAMES.size()))));
        }
        return forgotten;
    }
}
