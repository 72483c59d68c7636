package io.milena;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.MetadataRequest;
import io.milena.protocol.message.MetadataResponse;
import io.milena.server.testing.NothingLeftOver;
import io.milena.server.testing.WireClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NothingLeftOver.class)
class MilenaTest {
    private static final int MANY = 20;

    @TempDir
    Path folder;

    @Test
    void shouldBeReachableAtItsAddress() throws IOException {
        try (Milena broker = Milena.start()) {
            assertThat(broker.bootstrapServers()).isEqualTo("127.0.0.1:" + broker.port());
            assertThat(broker.bootstrapServers("PLAINTEXT")).isEqualTo(broker.bootstrapServers());
            assertThat(metadata(broker).brokers()).singleElement().satisfies(node -> {
                assertThat(node.host()).isEqualTo("127.0.0.1");
                assertThat(node.port()).isEqualTo(broker.port());
            });
        }
    }

    @Test
    void shouldDeleteTemporaryDataWhenClosed() {
        Milena broker = Milena.builder().topic("orders", 3).start();
        Path data = broker.dataFolder();
        assertThat(data).isDirectoryContaining("glob:**/orders-2");
        broker.close();
        assertThat(data).doesNotExist();
        broker.close();
    }

    @Test
    void shouldHaveTopicsWithTheirSettings() throws IOException {
        try (Milena broker = Milena.builder()
                .topic("orders", 3, Map.of("retention.ms", "1000"))
                .start()) {
            broker.createTopic("more", 2);
            assertThat(metadata(broker).topics())
                    .extracting(
                            MetadataResponse.Topic::name,
                            topic -> topic.partitions().size())
                    .containsExactlyInAnyOrder(tuple("orders", 3), tuple("more", 2));
            assertThat(metadata(broker).topics())
                    .allSatisfy(topic -> assertThat(topic.errorCode()).isEqualTo(ErrorCode.NONE));
            assertThatThrownBy(() -> broker.createTopic("more", 2))
                    .isInstanceOf(MilenaException.class)
                    .hasMessageContaining("TOPIC_ALREADY_EXISTS");
        }
    }

    @Test
    void shouldGoOnAtTheSameAddressWithTheSameData() throws IOException {
        try (Milena broker = Milena.builder().topic("orders", 1).start()) {
            String address = broker.bootstrapServers();
            String clusterId = metadata(broker).clusterId();
            broker.restart();
            assertThat(broker.bootstrapServers()).isEqualTo(address);
            broker.stop();
            broker.stop();
            assertThatThrownBy(broker::bootstrapServers)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("stopped");
            broker.restart();
            assertThat(broker.bootstrapServers()).isEqualTo(address);
            assertThat(metadata(broker).clusterId()).isEqualTo(clusterId);
            assertThat(metadata(broker).topics()).hasSize(1);
        }
    }

    @Test
    void shouldNotStartAgainAfterClose() {
        Milena broker = Milena.start();
        broker.close();
        assertThatThrownBy(broker::restart).isInstanceOf(IllegalStateException.class);
        assertThat(broker.dataFolder()).doesNotExist();
    }

    @Test
    void shouldKeepPortsOfSeveralListeners() throws IOException {
        try (Milena broker = Milena.builder()
                .set(Map.of(
                        "listeners", "IN://127.0.0.1:0, OUT://127.0.0.1:0,CONTROLLER://127.0.0.1:0",
                        "listener.security.protocol.map", "IN:PLAINTEXT,OUT:PLAINTEXT,CONTROLLER:PLAINTEXT"))
                .start()) {
            String in = broker.bootstrapServers("IN");
            String out = broker.bootstrapServers("OUT");
            assertThat(in).isNotEqualTo(out).isEqualTo(broker.bootstrapServers());
            broker.restart();
            assertThat(broker.bootstrapServers("IN")).isEqualTo(in);
            assertThat(broker.bootstrapServers("OUT")).isEqualTo(out);
            assertThatThrownBy(() -> broker.bootstrapServers("CONTROLLER"))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void shouldBeReachableWhenItListensEverywhere() throws IOException {
        try (Milena broker = Milena.builder().host("0.0.0.0").start()) {
            assertThat(broker.bootstrapServers()).isEqualTo("127.0.0.1:" + broker.port());
            assertThat(metadata(broker).brokers()).hasSize(1);
        }
    }

    @Test
    void shouldTellClientsOfEachFamilyTheAddressTheyCameThrough() throws IOException {
        try (Milena broker = Milena.builder().host("::").start()) {
            assertThat(broker.bootstrapServers()).isEqualTo("127.0.0.1:" + broker.port());
            assertHost(broker, "127.0.0.1", "127.0.0.1");
            if (hasAddress("::1")) {
                assertHost(broker, "::1", "0:0:0:0:0:0:0:1");
            }
        }
    }

    @Test
    void shouldListenOnAnAddressOfTheNewFamily() throws IOException {
        Milena.Builder builder = Milena.builder().host("::1").set("advertised.listeners", "PLAINTEXT://[::1]:1234");
        if (hasAddress("::1")) {
            try (Milena broker = builder.start()) {
                assertThat(broker.bootstrapServers()).isEqualTo("[0:0:0:0:0:0:0:1]:" + broker.port());
                assertHost(broker, "::1", "::1");
            }
        } else {
            assertThatThrownBy(builder::start)
                    .isInstanceOf(MilenaException.class)
                    .hasMessageContaining("[::1]");
        }
    }

    @Test
    void shouldLeaveAGivenFolder() throws IOException {
        Path data = folder.resolve("data");
        String clusterId;
        try (Milena broker =
                Milena.builder().dataFolder(data).topic("orders", 1).start()) {
            clusterId = metadata(broker).clusterId();
        }
        assertThat(data.resolve("meta.properties")).isRegularFile();
        try (Milena broker = Milena.builder()
                .dataFolder(data)
                .topic("orders", 1)
                .topic("more", 1)
                .start()) {
            assertThat(metadata(broker).clusterId()).isEqualTo(clusterId);
            assertThat(metadata(broker).topics()).hasSize(2);
        }
    }

    @Test
    void shouldSayWhyItCannotStart() {
        try (Milena broker = Milena.start()) {
            Milena.Builder second = Milena.builder().port(broker.port());
            assertThatThrownBy(second::start)
                    .isInstanceOf(MilenaException.class)
                    .hasMessageContaining("cannot listen on PLAINTEXT://127.0.0.1:" + broker.port());
        }
        assertThatThrownBy(Milena.builder().set("num.partitions", "none")::start)
                .isInstanceOf(MilenaException.class)
                .hasMessageContaining("num.partitions");
        assertThatThrownBy(Milena.builder().topic("not a name", 1)::start)
                .isInstanceOf(MilenaException.class)
                .hasMessageContaining("not a name");
        assertThatThrownBy(() -> Milena.builder().set("log.dirs", "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("dataFolder");
    }

    @Test
    void shouldPutItsMetersIntoAGivenRegistryWhileItRuns() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        registry.counter("mine").increment();
        try (Milena broker = Milena.builder().meterRegistry(registry).start()) {
            assertThat(registry.find("milena.folders.offline").gauge()).isNotNull();
            broker.stop();
            assertThat(registry.getMeters()).hasSize(1);
            broker.restart();
            assertThat(registry.getMeters()).hasSizeGreaterThan(1);
        }
        assertThat(registry.getMeters()).hasSize(1);
    }

    @Test
    void shouldRunManyInOneProcess() throws IOException {
        List<Milena> brokers = new ArrayList<>();
        try {
            Set<String> clusters = new HashSet<>();
            for (int i = 0; i < MANY; i++) {
                brokers.add(Milena.builder().topic("topic-" + i, 1).start());
            }
            for (int i = 0; i < MANY; i++) {
                MetadataResponse metadata = metadata(brokers.get(i));
                clusters.add(metadata.clusterId());
                assertThat(metadata.topics())
                        .extracting(MetadataResponse.Topic::name)
                        .containsExactly("topic-" + i);
            }
            assertThat(clusters).hasSize(MANY);
        } finally {
            brokers.forEach(Milena::close);
        }
    }

    private static void assertHost(Milena broker, String connectTo, String told) throws IOException {
        InetSocketAddress address = new InetSocketAddress(connectTo, broker.port());
        try (WireClient client = new WireClient(address)) {
            MetadataResponse metadata =
                    (MetadataResponse) client.call(ApiKey.METADATA, 9, new MetadataRequest().topics(null));
            assertThat(metadata.brokers())
                    .singleElement()
                    .satisfies(node -> assertThat(node.host()).isEqualTo(told));
        }
    }

    /** Some machines have only addresses of the older family. */
    private static boolean hasAddress(String address) throws IOException {
        return NetworkInterface.getByInetAddress(InetAddress.getByName(address)) != null;
    }

    private static MetadataResponse metadata(Milena broker) throws IOException {
        try (WireClient client = new WireClient(broker.port())) {
            return (MetadataResponse) client.call(ApiKey.METADATA, 9, new MetadataRequest().topics(null));
        }
    }
}
