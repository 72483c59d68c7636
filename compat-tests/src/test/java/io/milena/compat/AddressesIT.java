package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.ChildProcess;
import io.milena.compat.harness.Folders;
import io.milena.compat.harness.JavaCommand;
import io.milena.compat.harness.PartitionReader;
import io.milena.compat.harness.Ports;
import io.milena.compat.harness.Waiting;
import java.lang.ProcessBuilder.Redirect;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** Stock clients that come through the addresses of several listeners, of both families. */
class AddressesIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final int port = Ports.free();
    private final int otherPort = Ports.free();

    @Test
    void shouldTellEachClientAnAddressItCanUse() throws Exception {
        Path folder = Folders.fresh("addresses");
        List<String> command = JavaCommand.milena(
                "start",
                "--set",
                "listeners=PLAINTEXT://[::]:" + port + ",OUTSIDE://127.0.0.1:" + otherPort,
                "--set",
                "advertised.listeners=OUTSIDE://localhost:" + otherPort,
                "--set",
                "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,OUTSIDE:PLAINTEXT",
                "--set",
                "log.dirs=" + folder);
        try (ChildProcess broker = ChildProcess.start("milena", command, folder, Redirect.PIPE)) {
            Waiting.until(
                    "the ready line",
                    TIMEOUT,
                    () -> broker.stdout().contains(" ready: ") || !broker.alive(),
                    broker::tail);
            List<String> sent = new ArrayList<>();
            comeThrough("127.0.0.1:" + port, "127.0.0.1", sent);
            comeThrough("127.0.0.1:" + otherPort, "localhost", sent);
            if (hasNewFamily()) {
                comeThrough("[::1]:" + port, "0:0:0:0:0:0:0:1", sent);
            }
        }
    }

    /** What a client does that knows one address: it learns the broker's, and sends and reads through that. */
    private static void comeThrough(String bootstrap, String host, List<String> sent)
            throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            Collection<Node> nodes = admin.describeCluster().nodes().get();
            assertThat(nodes).extracting(Node::host).containsExactly(host);
        }
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("addresses", bootstrap)).get();
        }
        sent.add(bootstrap);
        assertThat(PartitionReader.read(bootstrap, new TopicPartition("addresses", 0), Map.of()))
                .extracting(ConsumerRecord::value)
                .isEqualTo(sent);
    }

    private static boolean hasNewFamily() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .anyMatch(address -> address.getHostAddress().startsWith("0:0:0:0:0:0:0:1"));
    }
}
