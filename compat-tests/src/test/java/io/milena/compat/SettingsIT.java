package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.Folders;
import io.milena.server.config.Setting;
import io.milena.server.config.SettingTable;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The tables of settings against the definitions in the reference's own jars, read by reflection. */
class SettingsIT {
    private static URLClassLoader kafka;

    @BeforeAll
    static void openJars() throws IOException {
        try (Stream<Path> jars = Files.list(Folders.kafkaJars())) {
            kafka = new URLClassLoader(
                    jars.map(SettingsIT::url).toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
        }
    }

    @AfterAll
    static void closeJars() throws IOException {
        kafka.close();
    }

    @Test
    void shouldKnowTheSettingsOfBrokers() throws ReflectiveOperationException {
        Object definitions = kafka.loadClass("org.apache.kafka.server.config.AbstractKafkaConfig")
                .getField("CONFIG_DEF")
                .get(null);
        Map<String, String> expected = describe(definitions);
        Map<String, String> actual = new TreeMap<>();
        SettingTable.broker().all().forEach(setting -> actual.put(setting.name(), describe(setting)));
        assertThat(actual).isEqualTo(expected);
    }

    @Test
    void shouldKnowTheSettingsOfTopics() throws ReflectiveOperationException {
        Object definitions = kafka.loadClass("org.apache.kafka.storage.internals.log.LogConfig")
                .getMethod("configDefCopy")
                .invoke(null);
        Map<String, String> actual = new TreeMap<>();
        SettingTable.topic().all().forEach(setting -> actual.put(setting.name(), describe(setting)));
        assertThat(actual).isEqualTo(describe(definitions));
    }

    @Test
    void shouldKnowTheSettingsOfGroups() throws ReflectiveOperationException {
        Object definitions = kafka.loadClass("org.apache.kafka.coordinator.group.GroupConfig")
                .getField("CONFIG_DEF")
                .get(null);
        Map<String, String> actual = new TreeMap<>();
        SettingTable.group().all().forEach(setting -> actual.put(setting.name(), describe(setting)));
        assertThat(actual).isEqualTo(describe(definitions));
    }

    @Test
    void shouldKnowTheSettingsOfSubscriptionsToMetrics() throws ReflectiveOperationException {
        Object definitions = kafka.loadClass("org.apache.kafka.server.metrics.ClientMetricsConfigs")
                .getMethod("configDef")
                .invoke(null);
        Map<String, String> actual = new TreeMap<>();
        SettingTable.clientMetrics().all().forEach(setting -> actual.put(setting.name(), describe(setting)));
        assertThat(actual).isEqualTo(describe(definitions));
    }

    @Test
    void shouldKnowWhichSettingsMayChangeAtRuntime() throws ReflectiveOperationException {
        Map<?, ?> modes = (Map<?, ?>) kafka.loadClass("org.apache.kafka.server.config.DynamicBrokerConfig")
                .getMethod("dynamicConfigUpdateModes")
                .invoke(null);
        for (Setting setting : SettingTable.broker().all()) {
            Object mode = modes.get(setting.name());
            Setting.Update expected = mode == null
                    ? Setting.Update.STATIC
                    : mode.equals("per-broker") ? Setting.Update.BROKER : Setting.Update.CLUSTER;
            assertThat(setting.update()).as(setting.name()).isIn(expected, Setting.Update.HIDDEN);
        }
    }

    private static String describe(Setting setting) {
        return setting.type() + " " + setting.importance() + " " + setting.hidden() + " " + setting.defaultText();
    }

    /** What the reference says of each setting, in the words of {@link #describe(Setting)}. */
    private static Map<String, String> describe(Object definitions) throws ReflectiveOperationException {
        Map<String, String> described = new TreeMap<>();
        Map<?, ?> keys =
                (Map<?, ?>) definitions.getClass().getMethod("configKeys").invoke(definitions);
        for (Object key : keys.values()) {
            Object type = field(key, "type");
            Object value = field(key, "defaultValue");
            Object text = value == null || value.getClass() == Object.class // a mark for "must be set"
                    ? null
                    : definitions
                            .getClass()
                            .getMethod("convertToString", Object.class, type.getClass())
                            .invoke(null, value, type);
            described.put(
                    field(key, "name").toString(),
                    type.toString().toUpperCase(Locale.ROOT) + " " + field(key, "importance") + " "
                            + field(key, "internalConfig") + " " + text);
        }
        return described;
    }

    private static Object field(Object object, String name) throws ReflectiveOperationException {
        return object.getClass().getField(name).get(object);
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }
}
