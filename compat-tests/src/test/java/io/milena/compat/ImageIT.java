package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.DockerContainer;
import io.milena.compat.harness.Ports;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.testcontainers.containers.Network;
import org.testcontainers.kafka.ConfluentKafkaContainer;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/** The image, run by Docker's own tool and by what Testcontainers has for Kafka's images. Runs with {@code -Pdocker}, which builds it. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ImageIT {
    private static final String IMAGE = "milena:tested";
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String TOPIC = "orders";

    /** Metadata version 1 about no topic, with correlation id 7. */
    private static final String METADATA_REQUEST =
            "\\x00\\x00\\x00\\x0e\\x00\\x03\\x00\\x01\\x00\\x00\\x00\\x07\\xff\\xff\\x00\\x00\\x00\\x00";

    /** So much of the response that the first broker's host is in it, and no more than there is. */
    private static final int RESPONSE_BYTES = 33;

    @Test
    void shouldBeADropInForTestcontainersKafka() throws Exception {
        try (KafkaContainer kafka = new KafkaContainer(image("apache/kafka"))) {
            kafka.start();
            try (Admin admin = admin(kafka.getBootstrapServers())) {
                assertThat(admin.describeCluster().clusterId().get())
                        .isEqualTo(kafka.getEnvMap().get("CLUSTER_ID"));
            }
            send(kafka.getBootstrapServers(), "one coffee");
            assertThat(read(kafka.getBootstrapServers())).isEqualTo("one coffee");
        }
    }

    @Test
    void shouldBeADropInForTestcontainersConfluentKafka() throws Exception {
        try (ConfluentKafkaContainer kafka = new ConfluentKafkaContainer(image("confluentinc/cp-kafka"))) {
            kafka.start();
            send(kafka.getBootstrapServers(), "one tea");
            assertThat(read(kafka.getBootstrapServers())).isEqualTo("one tea");
        }
    }

    @Test
    @SuppressWarnings("deprecation") // what is tested is that programs that still use it go on
    void shouldBeADropInForTestcontainersOlderClass() throws Exception {
        try (var kafka = new org.testcontainers.containers.KafkaContainer(image("confluentinc/cp-kafka"))) {
            kafka.start();
            send(kafka.getBootstrapServers(), "one juice");
            assertThat(read(kafka.getBootstrapServers())).isEqualTo("one juice");
        }
    }

    @Test
    void shouldServeOtherContainersUnderTestcontainers() {
        try (Network network = Network.newNetwork();
                KafkaContainer kafka = new KafkaContainer(image("apache/kafka"))
                        .withNetwork(network)
                        .withListener("broker:19092")) {
            kafka.start();
            assertThat(advertised("--network", network.getId(), "broker", 19092))
                    .contains("broker");
        }
    }

    @Test
    void shouldKeepItsDataInAVolumeAndStopInOrder() throws Exception {
        int port = Ports.free();
        String servers = "localhost:" + port;
        String volume = DockerContainer.docker("volume", "create");
        String[] run = {
            "--publish",
            "127.0.0.1:" + port + ":9092",
            "--volume",
            volume + ":/var/lib/milena",
            "--env",
            "KAFKA_ADVERTISED_LISTENERS=PLAINTEXT://" + servers,
            "--env",
            "KAFKA_NUM_PARTITIONS=3",
            "--memory",
            "256m",
            IMAGE
        };
        try {
            try (DockerContainer container = DockerContainer.run(run)) {
                container.awaitHealthy();
                assertThat(container.exec("id", "-u")).isEqualTo("1000");
                assertThat(container.exec("milena", "--version")).startsWith("milena ");
                send(servers, "one water");
                assertThat(container.stop()).isZero();
                assertThat(container.log()).endsWith("stopped");
            }
            try (DockerContainer container = DockerContainer.run(run)) {
                container.awaitHealthy();
                assertThat(partitions(servers)).isEqualTo(3);
                assertThat(read(servers)).isEqualTo("one water");
            }
        } finally {
            DockerContainer.docker("volume", "rm", volume);
        }
    }

    @Test
    void shouldTellTheHostAndOtherContainersHowToReachIt() {
        try (DockerContainer container = DockerContainer.run(IMAGE)) {
            container.awaitHealthy();
            String address = container.inspect("{{.NetworkSettings.IPAddress}}");
            assertThat(advertised("--network", "bridge", address, 9092)).contains("localhost");
            assertThat(advertised("--network", "bridge", address, 19092)).contains(address);
        }
    }

    private static DockerImageName image(String substituted) {
        return DockerImageName.parse(IMAGE).asCompatibleSubstituteFor(substituted);
    }

    /** What a client in another container is told, as far as it can be read. */
    private static String advertised(String option, String network, String host, int port) {
        String talk = "exec 3<> /dev/tcp/" + host + "/" + port + " && printf '" + METADATA_REQUEST
                + "' >&3 && timeout 20 head -c " + RESPONSE_BYTES + " <&3 | tr -cd '[:print:]'";
        return DockerContainer.docker("run", "--rm", option, network, IMAGE, "bash", "-c", talk);
    }

    private static Admin admin(String servers) {
        return Admin.create(Map.of("bootstrap.servers", servers));
    }

    private static int partitions(String servers) throws InterruptedException, ExecutionException {
        try (Admin admin = admin(servers)) {
            return admin.describeTopics(List.of(TOPIC))
                    .allTopicNames()
                    .get()
                    .get(TOPIC)
                    .partitions()
                    .size();
        }
    }

    private static void send(String servers, String value) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", servers);
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(TOPIC, value)).get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        }
    }

    /** The only record of the topic, read by a member of a group. */
    private static String read(String servers) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", servers, "group.id", "shop", "auto.offset.reset", "earliest");
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(TOPIC));
            for (ConsumerRecord<String, String> first : consumer.poll(TIMEOUT)) {
                return first.value();
            }
            throw new AssertionError("nothing came within " + TIMEOUT);
        }
    }
}
