package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.BrokerKind;
import io.milena.compat.harness.RawConnection;
import io.milena.compat.harness.RunningBroker;
import io.milena.compat.harness.Waiting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What arrives on the port is not always Kafka's protocol: the broker stays up, small, and answers everybody else. */
class RobustnessIT {

    @RegisterExtension
    static final RunningBroker BROKER = RunningBroker.with();

    private static final Duration CLOSED = Duration.ofSeconds(10);
    private static final long GROWTH_BYTES_MAX = 256L << 20;
    private static final int IDLE_CONNECTIONS = 5_000;
    /** The reference reserves what a length field promises, and dies of a handful of such promises. */
    private static final int UNFINISHED_FRAMES = BrokerKind.selected() == BrokerKind.KAFKA ? 1 : 100;

    private static final int SLOW_READERS = 40;
    private static final int FETCH_BYTES = 8 << 20;

    @AfterEach
    void shouldStillAnswerOthers() throws IOException {
        assertThat(BROKER.process().process().alive()).isTrue();
        try (RawConnection connection = RawConnection.open(BROKER.process().port())) {
            assertThat(connection.metadata().brokers()).isEqualTo(1);
        }
    }

    static Stream<Arguments> bytesThatAreNoRequest() {
        byte[] random = new byte[4096];
        new Random(17).nextBytes(random);
        random[0] = 0x7f;
        return Stream.of(
                Arguments.of("random bytes", random),
                Arguments.of("an HTTP request", ascii("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")),
                Arguments.of("a TLS greeting", new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3}),
                Arguments.of("a negative length", frame(-1)),
                Arguments.of("the lowest length", frame(Integer.MIN_VALUE)),
                Arguments.of("the highest length", frame(Integer.MAX_VALUE)),
                Arguments.of("a length just above the limit", frame(104_857_601)),
                Arguments.of("a length of zero", frame(0)),
                Arguments.of("a frame of one byte", frame(1, (byte) 3)),
                Arguments.of("an unknown API", request(999, 0, new byte[0])),
                Arguments.of("a negative API", request(-5, 0, new byte[0])),
                Arguments.of("Metadata in version 99", request(3, 99, new byte[4])),
                Arguments.of("Metadata in version -1", request(3, -1, new byte[4])),
                Arguments.of("Fetch in removed version 0", request(1, 0, new byte[16])),
                Arguments.of("Metadata without a body", request(3, 1, new byte[0])),
                Arguments.of("Metadata with too many topics", request(3, 1, frame(Integer.MAX_VALUE))),
                Arguments.of("Produce with a body of random bytes", request(0, 9, random)),
                Arguments.of("JoinGroup with a body of random bytes", request(11, 5, random)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bytesThatAreNoRequest")
    void shouldCloseConnectionThatSends(String what, byte[] bytes) throws IOException {
        try (RawConnection connection = RawConnection.open(BROKER.process().port())) {
            connection.send(bytes);
            assertThat(connection.closedWithin(CLOSED)).as(what).isTrue();
        }
    }

    @Test
    void shouldAnswerUnknownVersionOfApiVersionsWithItsOwnRange() throws IOException {
        try (RawConnection connection = RawConnection.open(BROKER.process().port())) {
            connection.request(18, 99, 5, new byte[1]);
            ByteBuffer response = connection.response();
            assertThat(response.getInt()).as("correlation id").isEqualTo(5);
            assertThat(response.getShort()).as("UNSUPPORTED_VERSION").isEqualTo((short) 35);
            assertThat(response.getInt()).as("number of APIs").isEqualTo(1);
            assertThat(response.getShort()).as("ApiVersions").isEqualTo((short) 18);
            assertThat(response.getShort()).as("lowest version").isEqualTo((short) 0);
            assertThat(response.getShort()).as("highest version").isEqualTo((short) 4);
            assertThat(response.hasRemaining()).isFalse();
        }
    }

    @Test
    void shouldWaitForTheRestOfFrameWithoutTakingMemoryForIt() throws IOException {
        long before = BROKER.process().residentBytes();
        List<RawConnection> connections = new ArrayList<>();
        try {
            for (int i = 0; i < UNFINISHED_FRAMES; i++) {
                RawConnection connection = RawConnection.open(BROKER.process().port());
                connections.add(connection);
                connection.send(frame(100_000_000, new byte[] {0, 0, 0, 9}));
            }
            shouldStillAnswerOthers();
            assertThat(BROKER.process().residentBytes() - before).isLessThan(GROWTH_BYTES_MAX);
        } finally {
            closeAll(connections);
        }
    }

    @Test
    void shouldAnswerRequestThatArrivesByteByByte() throws IOException {
        try (RawConnection connection = RawConnection.open(BROKER.process().port())) {
            for (byte b : request(3, 1, new byte[4])) {
                connection.send(new byte[] {b});
                Waiting.pause(Duration.ofMillis(2));
            }
            assertThat(connection.response().getInt()).isEqualTo(7);
        }
    }

    @Test
    void shouldAnswerManyRequestsSentAtOnceInOrder() throws IOException {
        try (RawConnection connection = RawConnection.open(BROKER.process().port())) {
            for (int i = 0; i < 1000; i++) {
                connection.request(3, 1, i, new byte[4]);
            }
            for (int i = 0; i < 1000; i++) {
                assertThat(connection.response().getInt()).isEqualTo(i);
            }
        }
    }

    @Test
    void shouldStaySmallWithReadersThatDoNotRead() throws Exception {
        String topic = BROKER.topic("slow", 1);
        fill(topic);
        long before = BROKER.process().residentBytes();
        List<RawConnection> connections = new ArrayList<>();
        try {
            for (int i = 0; i < SLOW_READERS; i++) {
                RawConnection connection = RawConnection.open(BROKER.process().port());
                connections.add(connection);
                for (int request = 0; request < 20; request++) {
                    connection.request(1, 4, request, fetch(topic));
                }
            }
            Waiting.pause(Duration.ofSeconds(3));
            shouldStillAnswerOthers();
            assertThat(BROKER.process().residentBytes() - before).isLessThan(GROWTH_BYTES_MAX);
            assertThat(connections.get(0).response().getInt())
                    .as("a reader that reads at last")
                    .isZero();
        } finally {
            closeAll(connections);
        }
    }

    @Test
    void shouldHoldManyIdleConnections() throws Exception {
        String topic = BROKER.topic("among-idle", 1);
        long before = BROKER.process().residentBytes();
        List<RawConnection> connections = new ArrayList<>();
        try {
            for (int i = 0; i < IDLE_CONNECTIONS; i++) {
                connections.add(RawConnection.open(BROKER.process().port()));
            }
            assertThat(connections.get(IDLE_CONNECTIONS - 1).metadata().brokers())
                    .isEqualTo(1);
            try (KafkaProducer<String, String> producer = BROKER.producer(Map.of())) {
                producer.send(new ProducerRecord<>(topic, "value")).get(30, TimeUnit.SECONDS);
            }
            assertThat(BROKER.process().residentBytes() - before).isLessThan(GROWTH_BYTES_MAX);
            assertThat(connections.get(0).metadata().brokers()).isEqualTo(1);
        } finally {
            closeAll(connections);
        }
    }

    private static void fill(String topic) throws InterruptedException, ExecutionException {
        byte[] letters = new byte[100_000];
        java.util.Arrays.fill(letters, (byte) 'x');
        String value = new String(letters, StandardCharsets.US_ASCII);
        try (KafkaProducer<String, String> producer = BROKER.producer(Map.of("acks", "all"))) {
            for (int i = 0; i < 2 * FETCH_BYTES / letters.length; i++) {
                producer.send(new ProducerRecord<>(topic, value));
            }
            producer.flush();
        }
    }

    /** Fetch version 4 of a topic's partition 0 from its start. */
    private static byte[] fetch(String topic) {
        byte[] name = topic.getBytes(StandardCharsets.UTF_8);
        ByteBuffer body = ByteBuffer.allocate(4 + 4 + 4 + 4 + 1 + 4 + 2 + name.length + 4 + 4 + 8 + 4);
        body.putInt(-1).putInt(500).putInt(1).putInt(FETCH_BYTES).put((byte) 0);
        body.putInt(1).putShort((short) name.length).put(name);
        body.putInt(1).putInt(0).putLong(0).putInt(FETCH_BYTES);
        return body.array();
    }

    private static byte[] request(int apiKey, int version, byte[] body) {
        ByteBuffer content = ByteBuffer.allocate(10 + body.length);
        content.putShort((short) apiKey)
                .putShort((short) version)
                .putInt(7)
                .putShort((short) -1)
                .put(body);
        return frame(content.capacity(), content.array());
    }

    private static byte[] frame(int length, byte... content) {
        return ByteBuffer.allocate(4 + content.length)
                .putInt(length)
                .put(content)
                .array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static void closeAll(List<RawConnection> connections) throws IOException {
        for (RawConnection connection : connections) {
            connection.close();
        }
    }
}
