package io.milena.server.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The settings of one group, or of one subscription to metrics of clients (KIP-714): its own, else the broker's, else the defaults.
 *
 * <p>Immutable; a name that is no setting and a value that a setting cannot take throw {@link InvalidSettingException}. Whether
 * a group's settings are within the bounds that the broker sets is asked with {@link #checkBounds}.
 */
public final class OwnSettings {
    /** Shortest time between two pushes of metrics, in ms. */
    public static final int MIN_METRICS_INTERVAL_MS = 100;

    /** Longest time between two pushes of metrics, in ms. */
    public static final int MAX_METRICS_INTERVAL_MS = 3_600_000;

    private static final List<String> PROTOCOLS = List.of("consumer", "share", "streams");
    private static final String HEARTBEAT = ".heartbeat.interval.ms";
    private static final String SESSION = ".session.timeout.ms";
    private static final String ASSIGNMENT = ".assignment.interval.ms";

    private final SettingTable table;
    private final ConfigSource ownSource;
    private final BrokerSettings broker;
    private final Map<String, String> own;
    private final Map<String, Object> values = new HashMap<>();

    private OwnSettings(SettingTable table, ConfigSource ownSource, BrokerSettings broker, Map<String, String> own) {
        this.table = table;
        this.ownSource = ownSource;
        this.broker = broker;
        this.own = Map.copyOf(own);
        for (String name : own.keySet()) {
            if (table.find(name) == null) {
                throw new InvalidSettingException("there is no such setting: " + name);
            }
        }
        for (Setting setting : table.all()) {
            values.put(setting.name(), value(setting));
        }
    }

    /** The settings of a group that has the values {@code own} of its own, on a broker. */
    public static OwnSettings ofGroup(BrokerSettings broker, Map<String, String> own) {
        return new OwnSettings(SettingTable.group(), ConfigSource.GROUP, broker, own);
    }

    /** The settings of a subscription to metrics that has the values {@code own}. */
    public static OwnSettings ofClientMetrics(BrokerSettings broker, Map<String, String> own) {
        return new OwnSettings(SettingTable.clientMetrics(), ConfigSource.CLIENT_METRICS, broker, own);
    }

    /** The value of a setting that is a whole number. */
    public int integer(String name) {
        return ((Number) Objects.requireNonNull(values.get(name), name)).intValue();
    }

    /** Throws {@link InvalidSettingException} if the settings of a group are out of the bounds of its broker, or contradict each other. */
    public void checkBounds() {
        for (String protocol : PROTOCOLS) {
            between(protocol, HEARTBEAT);
            between(protocol, SESSION);
            if (own.containsKey(protocol + ASSIGNMENT)) {
                between(protocol, ASSIGNMENT);
            }
        }
        between("share", ".record.lock.duration.ms");
        between("share", ".delivery.count.limit");
        between("share", ".partition.max.record.locks");
        notAbove("streams.num.standby.replicas", "group.streams.max.standby.replicas");
        for (String protocol : PROTOCOLS) {
            if (integer(protocol + SESSION) <= integer(protocol + HEARTBEAT)) {
                throw new InvalidSettingException(protocol + SESSION + " must be above " + protocol + HEARTBEAT);
            }
        }
    }

    /** Every setting with its value, source and the values it shadows, as DescribeConfigs shows them. */
    public List<ConfigEntry> entries() {
        List<ConfigEntry> entries = new ArrayList<>();
        for (Setting setting : table.all()) {
            String text = setting.type().format(Objects.requireNonNull(values.get(setting.name())));
            entries.add(new ConfigEntry(setting, text, synonyms(setting, text)));
        }
        return entries;
    }

    private List<ConfigValue> synonyms(Setting setting, String text) {
        List<ConfigValue> synonyms = new ArrayList<>();
        if (own.containsKey(setting.name())) {
            synonyms.add(new ConfigValue(setting.name(), text, ownSource));
        }
        if (!setting.synonyms().isEmpty()) {
            synonyms.addAll(broker.synonyms(setting.synonyms().get(0).name()));
        } else if (ownSource == ConfigSource.GROUP) {
            synonyms.add(new ConfigValue(
                    setting.name(), Objects.requireNonNull(setting.defaultText()), ConfigSource.DEFAULT));
        }
        return List.copyOf(synonyms);
    }

    private Object value(Setting setting) {
        String text = own.get(setting.name());
        if (text != null) {
            return setting.parse(text);
        }
        return setting.synonyms().isEmpty()
                ? setting.parse(Objects.requireNonNull(setting.defaultText()))
                : broker.value(setting.synonyms().get(0).name());
    }

    private void between(String protocol, String name) {
        int least = broker.integer("group." + protocol + ".min" + name);
        if (integer(protocol + name) < least) {
            throw new InvalidSettingException(protocol + name + " cannot be " + integer(protocol + name)
                    + ": the broker allows no less than " + least);
        }
        notAbove(protocol + name, "group." + protocol + ".max" + name);
    }

    private void notAbove(String name, String most) {
        if (integer(name) > broker.integer(most)) {
            throw new InvalidSettingException(
                    name + " cannot be " + integer(name) + ": the broker allows no more than " + broker.integer(most));
        }
    }
}
