package io.milena.server.config;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The known settings of a kind, by name, in the order of listings. Read once from a text table in the jar. */
public final class SettingTable {
    private static final SettingTable BROKER = read("broker-settings.txt");
    private static final SettingTable BROKER_QUOTAS = read("broker-quota-settings.txt");
    private static final SettingTable TOPIC = read("topic-settings.txt");
    private static final SettingTable GROUP = read("group-settings.txt");
    private static final SettingTable CLIENT_METRICS = read("client-metrics-settings.txt");

    private final Map<String, Setting> settings;

    private SettingTable(Map<String, Setting> settings) {
        this.settings = Collections.unmodifiableMap(settings);
    }

    /** The settings of a broker, as written in server.properties. */
    public static SettingTable broker() {
        return BROKER;
    }

    /** The limits of a broker that are set at runtime only. */
    public static SettingTable brokerQuotas() {
        return BROKER_QUOTAS;
    }

    /** What may be set for a broker at runtime, a setting of its file or a limit; null if there is no such thing. */
    public static @Nullable Setting findDynamic(String name) {
        Setting setting = BROKER.find(name);
        return setting == null ? BROKER_QUOTAS.find(name) : setting;
    }

    /** The settings a topic may have of its own. */
    public static SettingTable topic() {
        return TOPIC;
    }

    /** The settings a group may have of its own. */
    public static SettingTable group() {
        return GROUP;
    }

    /** The settings of a subscription to metrics of clients. */
    public static SettingTable clientMetrics() {
        return CLIENT_METRICS;
    }

    /** All settings of the table. */
    public Collection<Setting> all() {
        return settings.values();
    }

    /** The setting of that name, or null if there is none. */
    public @Nullable Setting find(String name) {
        return settings.get(name);
    }

    /** The setting of that name, which must exist. */
    public Setting get(String name) {
        return Objects.requireNonNull(settings.get(name), name);
    }

    private static SettingTable read(String file) {
        Map<String, Setting> settings = new LinkedHashMap<>();
        try (var stream = Objects.requireNonNull(SettingTable.class.getResourceAsStream(file), file);
                var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            String line = reader.readLine();
            while (line != null) {
                if (!line.startsWith("#")) {
                    Setting setting = setting(line);
                    settings.put(setting.name(), setting);
                }
                line = reader.readLine();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new SettingTable(settings);
    }

    private static Setting setting(String line) {
        String[] column = line.split(" \\| ", -1);
        return new Setting(
                column[0],
                SettingType.valueOf(column[1]),
                Setting.Importance.valueOf(column[2]),
                column[3].equals("null") ? null : column[3],
                AllowedValues.parse(column[4]),
                update(column[5]),
                synonyms(column[5]),
                Setting.Effect.valueOf(column[6].toUpperCase(Locale.ROOT)),
                column[7]);
    }

    private static Setting.Update update(String column) {
        return switch (column) {
            case "static", "broker", "cluster", "hidden" -> Setting.Update.valueOf(column.toUpperCase(Locale.ROOT));
            default -> Setting.Update.TOPIC;
        };
    }

    private static List<Setting.Synonym> synonyms(String column) {
        if (update(column) != Setting.Update.TOPIC || column.equals("-")) {
            return List.of();
        }
        List<Setting.Synonym> synonyms = new ArrayList<>();
        for (String part : column.split(", ", -1)) {
            String[] nameAndFactor = part.split(" x ", -1);
            long factor = nameAndFactor.length == 2 ? Long.parseLong(nameAndFactor[1]) : 1;
            synonyms.add(new Setting.Synonym(nameAndFactor[0], factor));
        }
        return List.copyOf(synonyms);
    }
}
