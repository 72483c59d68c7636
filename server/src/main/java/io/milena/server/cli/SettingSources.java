package io.milena.server.cli;

import io.milena.server.config.InvalidSettingException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the command line and where each is from. The weakest first: the file, variables {@code KAFKA_…}, variables
 * {@code MILENA_…}, {@code --set}.
 */
final class SettingSources {
    private final Map<String, String> values = new LinkedHashMap<>();
    private final Map<String, String> sources = new LinkedHashMap<>();
    private final EnvironmentSettings environment;

    private SettingSources(EnvironmentSettings environment) {
        this.environment = environment;
    }

    /** Reads them; throws {@link InvalidSettingException} if the file cannot be read. */
    static SettingSources read(@Nullable Path file, Map<String, String> variables, Map<String, String> overrides) {
        SettingSources sources = new SettingSources(EnvironmentSettings.of(variables));
        if (file != null) {
            Properties properties = load(file);
            properties.stringPropertyNames().stream()
                    .sorted()
                    .forEach(name -> sources.put(name, properties.getProperty(name), file.toString()));
        }
        sources.environment.found().forEach(found -> sources.put(found.setting(), found.value(), found.variable()));
        overrides.forEach((name, value) -> sources.put(name, value, "--set"));
        return sources;
    }

    /** Every setting that is given. */
    Map<String, String> values() {
        return values;
    }

    /** Where the value of a setting is from: a file, a variable, or the option; null if nobody gives one. */
    @Nullable
    String source(String name) {
        return sources.get(name);
    }

    /** Variables that look like settings and are none. */
    List<String> unknownVariables() {
        return environment.unknown();
    }

    private void put(String name, String value, String source) {
        values.put(name, value);
        sources.put(name, source);
    }

    private static Properties load(Path file) {
        Properties properties = new Properties();
        try (InputStream stream = Files.newInputStream(file)) {
            properties.load(stream);
            return properties;
        } catch (NoSuchFileException e) {
            throw new InvalidSettingException("there is no file " + file);
        } catch (IOException | IllegalArgumentException e) {
            throw new InvalidSettingException("cannot read " + file + ": " + e.getMessage());
        }
    }
}
