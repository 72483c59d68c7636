package io.milena.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.CreateTopicsRequest;
import io.milena.protocol.message.CreateTopicsResponse;
import io.milena.protocol.message.IncrementalAlterConfigsRequest;
import io.milena.protocol.message.IncrementalAlterConfigsResponse;
import io.milena.protocol.message.MetadataRequest;
import io.milena.protocol.message.MetadataResponse;
import io.milena.server.config.BrokerSettings;
import io.milena.server.testing.NothingLeftOver;
import io.milena.server.testing.WireClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NothingLeftOver.class)
class BrokerTest {
    @TempDir
    Path folder;

    @Test
    void shouldTellClientsTheAddressTheyCameThrough() throws IOException {
        try (Broker broker = start(Map.of())) {
            MetadataResponse metadata = metadata(broker);
            assertThat(metadata.brokers()).singleElement().satisfies(node -> {
                assertThat(node.nodeId()).isEqualTo(1);
                assertThat(node.host()).isEqualTo("127.0.0.1");
                assertThat(node.port()).isEqualTo(broker.port("PLAINTEXT"));
            });
            assertThat(metadata.controllerId()).isEqualTo(1);
        }
    }

    @Test
    void shouldTellClientsTheAdvertisedAddress() throws IOException {
        try (Broker broker = start(Map.of("advertised.listeners", "PLAINTEXT://example.org:19092"))) {
            assertThat(metadata(broker).brokers()).singleElement().satisfies(node -> {
                assertThat(node.host()).isEqualTo("example.org");
                assertThat(node.port()).isEqualTo(19092);
            });
        }
    }

    @Test
    void shouldOpenSeveralListenersButNotTheControllers() throws IOException {
        Map<String, String> settings = Map.of(
                "listeners", "INSIDE://127.0.0.1:0,OUTSIDE://127.0.0.1:0,CONTROLLER://127.0.0.1:0",
                "listener.security.protocol.map", "INSIDE:PLAINTEXT,OUTSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT");
        try (Broker broker = start(settings)) {
            assertThat(broker.addresses()).hasSize(2);
            assertThat(broker.port("INSIDE")).isNotEqualTo(broker.port("OUTSIDE"));
            assertThatThrownBy(() -> broker.port("CONTROLLER")).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void shouldKeepClusterAndTopicsAcrossRestarts() throws IOException {
        String clusterId;
        MetadataResponse.Topic topic;
        try (Broker broker = start(Map.of())) {
            assertThat(create(broker, "a").errorCode()).isEqualTo(ErrorCode.NONE);
            clusterId = metadata(broker).clusterId();
            topic = metadata(broker).topics().get(0);
        }
        try (Broker broker = start(Map.of())) {
            assertThat(metadata(broker).clusterId()).isEqualTo(clusterId).hasSize(22);
            assertThat(metadata(broker).topics()).singleElement().satisfies(again -> {
                assertThat(again.topicId()).isEqualTo(topic.topicId());
                assertThat(again.partitions().get(0).leaderEpoch())
                        .isEqualTo(topic.partitions().get(0).leaderEpoch() + 1);
            });
        }
    }

    @Test
    void shouldKeepSettingsChangedAtRuntimeAcrossRestarts() throws IOException {
        try (Broker broker = start(Map.of());
                WireClient client = new WireClient(broker.port("PLAINTEXT"))) {
            IncrementalAlterConfigsRequest.Config config = new IncrementalAlterConfigsRequest.Config()
                    .name("message.max.bytes")
                    .value("2000");
            IncrementalAlterConfigsRequest.Resource all = new IncrementalAlterConfigsRequest.Resource()
                    .resourceType((byte) 4)
                    .configs(List.of(config));
            IncrementalAlterConfigsResponse response = (IncrementalAlterConfigsResponse) client.call(
                    ApiKey.INCREMENTAL_ALTER_CONFIGS, 1, new IncrementalAlterConfigsRequest().resources(List.of(all)));
            assertThat(response.responses().get(0).errorCode()).isEqualTo(ErrorCode.NONE);
        }
        try (Broker broker = start(Map.of())) {
            assertThat(create(broker, "a").configs()).anySatisfy(config -> {
                assertThat(config.name()).isEqualTo("max.message.bytes");
                assertThat(config.value()).isEqualTo("2000");
            });
        }
    }

    @Test
    void shouldNotShareItsFolder() {
        try (Broker broker = start(Map.of())) {
            assertThat(broker.addresses()).isNotEmpty();
            assertRefused(Map.of(), "another broker");
        }
    }

    @Test
    void shouldNotShareItsPort() {
        try (Broker broker = start(Map.of())) {
            Map<String, String> settings = Map.of(
                    "listeners",
                    "PLAINTEXT://127.0.0.1:" + broker.port("PLAINTEXT"),
                    "log.dirs",
                    folder.resolve("other").toString());
            assertRefused(settings, "cannot listen on PLAINTEXT://127.0.0.1:" + broker.port("PLAINTEXT"));
        }
    }

    @Test
    void shouldNotTakeOverTheFolderOfAnotherNode() {
        start(Map.of()).close();
        assertRefused(Map.of("node.id", "2"), "belongs to node 1, but node.id is 2");
    }

    @Test
    void shouldLeaveTheFolderOfAnotherBrokerUntouched() throws IOException {
        Path data = Files.createDirectories(folder.resolve("data"));
        String meta = "version=1\ncluster.id=abc\nnode.id=1\ndirectory.id=AAAAAAAAAAAAAAAAAAAAAQ\n";
        Files.writeString(data.resolve("meta.properties"), meta);
        Files.writeString(data.resolve(".kafka_cleanshutdown"), "{}");
        assertRefused(Map.of(), "formatted by another broker");
        assertThat(data.resolve("meta.properties")).hasContent(meta);
        assertThat(data).isDirectoryNotContaining("glob:**.lock").isDirectoryContaining("glob:**.kafka_cleanshutdown");
        Files.delete(data.resolve("meta.properties"));
        Files.createDirectories(data.resolve("__cluster_metadata-0"));
        assertRefused(Map.of(), "formatted by another broker");
    }

    @Test
    void shouldRefuseWhatThisVersionCannotDo() {
        assertRefused(Map.of("listeners", "SSL://127.0.0.1:0"), "the listener SSL asks for SSL");
        assertRefused(Map.of("process.roles", "broker"), "cluster of several nodes");
        assertRefused(Map.of("authorizer.class.name", "org.example.Everybody"), "authorizer");
        assertRefused(Map.of("controller.quorum.voters", "1@a:1,2@b:1,3@c:1"), "cluster of several nodes");
    }

    private Broker start(Map<String, String> settings) {
        Map<String, String> file = new HashMap<>(Map.of(
                "listeners",
                "PLAINTEXT://127.0.0.1:0",
                "log.dirs",
                folder.resolve("data").toString()));
        file.putAll(settings);
        return Broker.start(BrokerSettings.of(file));
    }

    private void assertRefused(Map<String, String> settings, String message) {
        assertThatThrownBy(() -> start(settings).close())
                .isInstanceOf(BrokerStartException.class)
                .hasMessageContaining(message);
    }

    private static MetadataResponse metadata(Broker broker) throws IOException {
        try (WireClient client = new WireClient(broker.port("PLAINTEXT"))) {
            return (MetadataResponse) client.call(ApiKey.METADATA, 13, new MetadataRequest().topics(null));
        }
    }

    private static CreateTopicsResponse.Topic create(Broker broker, String name) throws IOException {
        CreateTopicsRequest.Topic topic =
                new CreateTopicsRequest.Topic().name(name).numPartitions(1).replicationFactor((short) 1);
        try (WireClient client = new WireClient(broker.port("PLAINTEXT"))) {
            CreateTopicsResponse response = (CreateTopicsResponse)
                    client.call(ApiKey.CREATE_TOPICS, 7, new CreateTopicsRequest().topics(List.of(topic)));
            return response.topics().get(0);
        }
    }
}
