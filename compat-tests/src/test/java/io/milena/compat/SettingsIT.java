package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.Folders;
import io.milena.server.config.InvalidSettingException;
import io.milena.server.config.Setting;
import io.milena.server.config.SettingTable;
import io.milena.server.config.SettingType;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

    private static final List<String> SAMPLES = List.of(
            "-9223372036854775808",
            "-2147483649",
            "-2",
            "-1",
            "0",
            "1",
            "2",
            "5",
            "13",
            "14",
            "100",
            "1000",
            "1024",
            "65535",
            "1048576",
            "2147483647",
            "2147483648",
            "9223372036854775807",
            "9223372036854775808",
            "0.5",
            "0.9",
            "1.0",
            "1.1",
            "-0.1",
            "",
            " ",
            "true",
            "FALSE",
            "yes",
            "x",
            "x,y",
            "x,x",
            " 7 ",
            "1e3",
            "delete",
            "compact",
            "delete,compact",
            "none",
            "gzip",
            "zstd",
            "uncompressed",
            "producer",
            "CreateTime",
            "LogAppendTime",
            "classic",
            "consumer",
            "uniform",
            "disabled",
            "bidirectional",
            "upgrade",
            "PLAINTEXT");

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
        actual.keySet().removeIf(name -> name.startsWith("milena.")); // settings that Kafka does not have
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

    /** What a file of settings may say is accepted and refused alike, setting by setting. */
    @Test
    void shouldAcceptAndRefuseTheSameValues() throws ReflectiveOperationException {
        Object broker = kafka.loadClass("org.apache.kafka.server.config.AbstractKafkaConfig")
                .getField("CONFIG_DEF")
                .get(null);
        Object topic = kafka.loadClass("org.apache.kafka.storage.internals.log.LogConfig")
                .getMethod("configDefCopy")
                .invoke(null);
        List<String> differences = new ArrayList<>(differentlyAccepted(broker, SettingTable.broker()));
        differences.addAll(differentlyAccepted(topic, SettingTable.topic()));
        assertThat(differences).isEmpty();
    }

    private static List<String> differentlyAccepted(Object definitions, SettingTable table)
            throws ReflectiveOperationException {
        List<String> differences = new ArrayList<>();
        for (Object key :
                ((Map<?, ?>) definitions.getClass().getMethod("configKeys").invoke(definitions)).values()) {
            Setting setting = table.find(field(key, "name").toString());
            if (setting != null && comparable(setting)) {
                for (String text : SAMPLES) {
                    boolean kafkaAccepts = kafkaAccepts(definitions, key, text);
                    if (kafkaAccepts != accepts(setting, text)) {
                        differences.add(setting.name() + "=" + text + (kafkaAccepts ? " accepted" : " refused"));
                    }
                }
            }
        }
        return differences;
    }

    /** The reference loads classes where it is told their names, and looks at addresses of other controllers. */
    private static boolean comparable(Setting setting) {
        return setting.type() != SettingType.CLASS
                && !setting.name().endsWith(".class.name")
                && !setting.name().startsWith("controller.quorum.");
    }

    private static boolean accepts(Setting setting, String text) {
        try {
            setting.parse(text);
            return true;
        } catch (InvalidSettingException e) {
            return false;
        }
    }

    private static boolean kafkaAccepts(Object definitions, Object key, String text)
            throws ReflectiveOperationException {
        Object type = field(key, "type");
        Object validator = field(key, "validator");
        String name = field(key, "name").toString();
        try {
            Object value = definitions
                    .getClass()
                    .getMethod("parseType", String.class, Object.class, type.getClass())
                    .invoke(null, name, text, type);
            if (validator != null) {
                Method check = kafka.loadClass("org.apache.kafka.common.config.ConfigDef$Validator")
                        .getMethod("ensureValid", String.class, Object.class);
                check.invoke(validator, name, value);
            }
            return true;
        } catch (InvocationTargetException refused) {
            return false;
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
