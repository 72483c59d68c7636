package io.milena.server.cluster;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.Message;
import io.milena.server.config.BrokerSettings;
import io.milena.server.config.InvalidSettingException;
import io.milena.server.config.OwnSettings;
import io.milena.server.config.Setting;
import io.milena.server.config.SettingTable;
import io.milena.server.config.SettingType;
import io.milena.server.config.TopicSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides what settings would be after a change, or why they cannot be. Touches nothing. */
final class ConfigPlanner {
    private static final String CLEANER_THREADS = "log.cleaner.threads";
    private static final int MAX_VALUE_CHARACTERS = Short.MAX_VALUE;

    private final LiveSettings live;

    ConfigPlanner(LiveSettings live) {
        this.live = live;
    }

    /** The record that makes the change in a cluster that looks like {@code image}; throws {@link TopicRefusal}. */
    Message plan(ClusterImage image, ConfigChange change) {
        checkOperations(change);
        return switch (change.target()) {
            case TOPIC -> topic(image, change);
            case BROKER -> broker(image, change);
            case GROUP -> group(image, change);
            case CLIENT_METRICS -> clientMetrics(image, change);
        };
    }

    private static void checkOperations(ConfigChange change) {
        Set<String> names = new HashSet<>();
        for (ConfigChange.Operation operation : change.operations()) {
            if (!names.add(operation.setting())) {
                throw invalidRequest("The setting " + operation.setting() + " is in the request more than once.");
            }
            if (operation.value() == null && operation.action() != ConfigChange.Action.DELETE) {
                throw invalidRequest("The setting " + operation.setting() + " cannot be null.");
            }
        }
    }

    private Message topic(ClusterImage image, ConfigChange change) {
        if (change.name().isEmpty()) {
            throw invalidRequest("There are no settings of all topics; those of the brokers stand for them.");
        }
        String problem = TopicName.problem(change.name());
        if (problem != null) {
            throw new TopicRefusal(ErrorCode.INVALID_TOPIC_EXCEPTION, problem);
        }
        TopicImage topic = image.topic(change.name());
        Map<String, String> before = topic == null ? Map.of() : topic.configs();
        Map<String, String> configs = changed(SettingTable.topic(), before, change);
        try {
            TopicSettings.of(live.get(), configs);
        } catch (InvalidSettingException e) {
            throw invalidConfig(String.valueOf(e.getMessage()));
        }
        if (topic == null) { // the last thing Kafka looks at
            throw new TopicRefusal(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "There is no topic '" + change.name() + "'.");
        }
        return ImageReplay.record(topic.withConfigs(configs));
    }

    private Message broker(ClusterImage image, ConfigChange change) {
        checkBroker(change);
        Map<String, String> before = image.brokerConfigs(change.name());
        Map<String, String> after = changed(SettingTable.broker(), before, change);
        Map<String, String> canonical = new HashMap<>();
        try {
            after.forEach((name, text) -> canonical.put(name, canonical(change.name(), name, text)));
            Map<String, String> own = image.brokerConfigs(live.ownName());
            BrokerSettings settings = change.name().isEmpty()
                    ? live.with(own, canonical)
                    : live.with(canonical, image.brokerConfigs(ClusterImage.ALL_BROKERS));
            // What topics take over from the broker must not contradict what they have of their own.
            image.topics().forEach(topic -> TopicSettings.of(settings, topic.configs()));
        } catch (InvalidSettingException e) {
            throw invalidRequest(String.valueOf(e.getMessage()));
        }
        return ImageReplay.record(change.name(), canonical);
    }

    private Message group(ClusterImage image, ConfigChange change) {
        if (change.name().isEmpty()) {
            throw invalidRequest("There are no settings of all groups; those of the brokers stand for them.");
        }
        ConfigOwner owner = ConfigOwner.group(change.name());
        Map<String, String> configs = changed(SettingTable.group(), image.configs(owner), change);
        try {
            OwnSettings.ofGroup(live.get(), configs).checkBounds();
        } catch (InvalidSettingException e) {
            throw invalidConfig(String.valueOf(e.getMessage()));
        }
        return ImageReplay.record(owner, configs);
    }

    private Message clientMetrics(ClusterImage image, ConfigChange change) {
        ConfigOwner owner = ConfigOwner.clientMetrics(change.name());
        Map<String, String> configs = changed(SettingTable.clientMetrics(), image.configs(owner), change);
        if (change.name().isEmpty()) {
            throw invalidRequest("A subscription needs a name.");
        }
        for (String name : configs.keySet()) {
            if (SettingTable.clientMetrics().find(name) == null) {
                throw invalidRequest("A subscription to metrics has no setting " + name + ".");
            }
        }
        int intervalMs;
        try {
            intervalMs = OwnSettings.ofClientMetrics(live.get(), configs).integer("interval.ms");
        } catch (InvalidSettingException e) {
            throw invalidConfig(String.valueOf(e.getMessage()));
        }
        if (intervalMs < OwnSettings.MIN_METRICS_INTERVAL_MS || intervalMs > OwnSettings.MAX_METRICS_INTERVAL_MS) {
            throw invalidRequest("interval.ms cannot be " + intervalMs + ": it takes "
                    + OwnSettings.MIN_METRICS_INTERVAL_MS + " .. " + OwnSettings.MAX_METRICS_INTERVAL_MS);
        }
        return ImageReplay.record(owner, configs);
    }

    private void checkBroker(ConfigChange change) {
        if (!change.name().isEmpty() && !change.name().equals(live.ownName())) {
            throw invalidRequest("This is broker " + live.ownName() + ", which changes its own settings and those of"
                    + " all brokers, not those of '" + change.name() + "'.");
        }
    }

    private static String canonical(String broker, String name, String text) {
        Setting setting = SettingTable.findDynamic(name);
        if (setting == null) {
            throw invalidRequest("There is no broker setting " + name + ".");
        }
        switch (setting.update()) {
            case STATIC, HIDDEN -> throw invalidRequest(name + " can be changed in the broker's file only.");
            case BROKER ->
                throw invalidRequest(
                        broker.isEmpty()
                                ? name + " can be changed for each broker only, not for all."
                                : name + " cannot be changed while this broker runs.");
            case CLUSTER, TOPIC -> {
                if (name.equals(CLEANER_THREADS) && setting.parse(text).equals(0)) {
                    throw invalidRequest(name + " cannot become 0 while the broker runs.");
                }
                return setting.canonical(text);
            }
        }
        throw new IllegalStateException(name);
    }

    /** The texts after the operations, not yet checked. */
    private static Map<String, String> changed(SettingTable table, Map<String, String> before, ConfigChange change) {
        Map<String, String> configs =
                change.start() == ConfigChange.Start.NOTHING ? new HashMap<>() : new HashMap<>(before);
        for (ConfigChange.Operation operation : change.operations()) {
            String name = operation.setting();
            String value = operation.value();
            if (operation.action() == ConfigChange.Action.DELETE || value == null) {
                configs.remove(name);
            } else if (operation.action() == ConfigChange.Action.SET) {
                configs.put(name, value);
            } else {
                List<String> items = items(listSetting(table, operation), configs.get(name));
                for (String item : items(listSetting(table, operation), value)) {
                    if (operation.action() == ConfigChange.Action.SUBTRACT) {
                        items.remove(item);
                    } else if (!items.contains(item)) {
                        items.add(item);
                    }
                }
                configs.put(name, String.join(",", items));
            }
        }
        if (configs.values().stream().anyMatch(text -> text.length() > MAX_VALUE_CHARACTERS)) {
            throw invalidConfig("A value cannot be longer than " + MAX_VALUE_CHARACTERS + " characters.");
        }
        return configs;
    }

    private static Setting listSetting(SettingTable table, ConfigChange.Operation operation) {
        Setting setting = table.find(operation.setting());
        if (setting == null || setting.type() != SettingType.LIST || table == SettingTable.clientMetrics()) {
            throw invalidConfig(operation.setting() + " is no list: nothing can be added to it or taken from it.");
        }
        return setting;
    }

    /** The items of a text, or of the default if it is null. */
    private static List<String> items(Setting setting, @Nullable String text) {
        String list = text == null ? setting.defaultText() : text;
        List<String> items = new ArrayList<>();
        if (list != null) {
            ((List<?>) setting.type().parse(list)).forEach(item -> items.add(String.valueOf(item)));
        }
        return items;
    }

    private static TopicRefusal invalidConfig(String message) {
        return new TopicRefusal(ErrorCode.INVALID_CONFIG, message);
    }

    private static TopicRefusal invalidRequest(String message) {
        return new TopicRefusal(ErrorCode.INVALID_REQUEST, message);
    }
}
