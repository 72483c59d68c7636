package io.milena.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The layers a broker setting takes its value from: dynamic for this broker, dynamic for all brokers, the file, the
 * default. All texts are canonical. Immutable.
 *
 * @param broker values set at runtime for this broker
 * @param allBrokers values set at runtime for every broker
 * @param file values of server.properties and the command line
 */
record ConfigLayers(Map<String, String> broker, Map<String, String> allBrokers, Map<String, String> file) {

    ConfigLayers {
        broker = Map.copyOf(broker);
        allBrokers = Map.copyOf(allBrokers);
        file = Map.copyOf(file);
    }

    /** The text that holds for {@code name}, or null if no layer has one. */
    @Nullable
    String text(String name) {
        String set = setText(name);
        return set != null ? set : SettingTable.broker().get(name).defaultText();
    }

    /** The text of {@code name} in the strongest layer above the defaults, or null. */
    @Nullable
    String setText(String name) {
        String text = broker.get(name);
        if (text == null) {
            text = allBrokers.get(name);
        }
        return text != null ? text : file.get(name);
    }

    /**
     * Every value that the named settings have in any layer: layer by layer, within a layer in the order of the names.
     */
    List<ConfigValue> values(List<String> names) {
        List<ConfigValue> values = new ArrayList<>();
        add(values, names, broker, ConfigSource.DYNAMIC_BROKER);
        add(values, names, allBrokers, ConfigSource.DYNAMIC_DEFAULT_BROKER);
        add(values, names, file, ConfigSource.STATIC_BROKER);
        for (String name : names) {
            Setting setting = SettingTable.broker().find(name);
            String text = setting == null ? null : setting.defaultText();
            if (text != null) {
                values.add(new ConfigValue(name, text, ConfigSource.DEFAULT));
            }
        }
        return values;
    }

    private static void add(
            List<ConfigValue> values, List<String> names, Map<String, String> layer, ConfigSource source) {
        for (String name : names) {
            String text = layer.get(name);
            if (text != null) {
                values.add(new ConfigValue(name, text, source));
            }
        }
    }
}
