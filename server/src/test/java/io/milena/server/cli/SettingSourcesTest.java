package io.milena.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingSourcesTest {
    private static final String NAME = "log.retention.ms";

    @TempDir
    Path folder;

    @Test
    void shouldPreferOptionsToTheEnvironmentAndThatToTheFile() throws IOException {
        Path file = Files.writeString(folder.resolve("server.properties"), NAME + "=1\nnum.partitions=9\n");
        assertSource(SettingSources.read(file, Map.of(), Map.of()), "1", file.toString());
        Map<String, String> kafkas = Map.of("KAFKA_LOG_RETENTION_MS", "2");
        assertSource(SettingSources.read(file, kafkas, Map.of()), "2", "KAFKA_LOG_RETENTION_MS");
        Map<String, String> both = Map.of("KAFKA_LOG_RETENTION_MS", "2", "MILENA_LOG_RETENTION_MS", "3");
        assertSource(SettingSources.read(file, both, Map.of()), "3", "MILENA_LOG_RETENTION_MS");
        assertSource(SettingSources.read(file, both, Map.of(NAME, "4")), "4", "--set");
        assertThat(SettingSources.read(file, both, Map.of()).values()).containsEntry("num.partitions", "9");
    }

    @Test
    void shouldKnowNothingOfSettingsNobodyGives() {
        SettingSources sources = SettingSources.read(null, Map.of("HOME", "/"), Map.of());
        assertThat(sources.values()).isEmpty();
        assertThat(sources.source(NAME)).isNull();
    }

    @Test
    void shouldNameVariablesThatAreNoSettings() {
        Map<String, String> variables = Map.of(
                "KAFKA_HEAP_OPTS", "-Xmx1g", "KAFKA_HOME", "/", "MILENA_OPTS", "-Xmx1g", "MILENA_LOG_RETENTON_MS", "1");
        SettingSources sources = SettingSources.read(null, variables, Map.of());
        assertThat(sources.values()).isEmpty();
        assertThat(sources.unknownVariables()).containsExactly("MILENA_LOG_RETENTON_MS");
    }

    @Test
    void shouldReadUnderscoresAsImagesOfKafkaDo() {
        Map<String, String> variables = Map.of("KAFKA_REMOTE_LOG_STORAGE_SYSTEM_ENABLE", "false", "KAFKA_NODE_ID", "7");
        assertThat(EnvironmentSettings.of(variables).found())
                .extracting(EnvironmentSettings.Found::setting)
                .contains("node.id");
        assertThat(EnvironmentSettings.of(Map.of("KAFKA_A_B__C___D", "x")).unknown())
                .containsExactly("KAFKA_A_B__C___D");
    }

    @Test
    void shouldNotAskForOurNameTwice() {
        Map<String, String> variables =
                Map.of("MILENA_ADMIN_LISTENER", "localhost:1", "KAFKA_ADMIN_LISTENER", "localhost:2");
        EnvironmentSettings settings = EnvironmentSettings.of(variables);
        assertThat(settings.found())
                .containsExactly(
                        new EnvironmentSettings.Found("MILENA_ADMIN_LISTENER", "milena.admin.listener", "localhost:1"));
        assertThat(settings.unknown()).containsExactly("KAFKA_ADMIN_LISTENER");
    }

    private static void assertSource(SettingSources sources, String value, String source) {
        assertThat(sources.values()).containsEntry(NAME, value);
        assertThat(sources.source(NAME)).isEqualTo(source);
    }
}
