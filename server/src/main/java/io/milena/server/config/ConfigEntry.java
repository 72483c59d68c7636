package io.milena.server.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What DescribeConfigs tells about one setting.
 *
 * @param setting the setting
 * @param text its value; null for no value
 * @param synonyms all values it could have, the one that holds first
 */
public record ConfigEntry(Setting setting, @Nullable String text, List<ConfigValue> synonyms) {

    /** Where the value comes from. */
    public ConfigSource source() {
        return synonyms.isEmpty() ? ConfigSource.DEFAULT : synonyms.get(0).source();
    }

    /** The value as it may be shown: null when it is a secret. */
    public @Nullable String shownText() {
        return setting.secret() ? null : text;
    }
}
