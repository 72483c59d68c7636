package io.milena.junit;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

/** Settings written as {@code name=value}, as annotations hold them. */
final class SettingPairs {
    private SettingPairs() {}

    static Map<String, String> of(String... pairs) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new ExtensionConfigurationException("\"" + pair + "\" is no setting: it takes name=value");
            }
            settings.put(
                    pair.substring(0, equals).strip(),
                    pair.substring(equals + 1).strip());
        }
        return settings;
    }
}
