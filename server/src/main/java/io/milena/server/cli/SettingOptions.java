package io.milena.server.cli;

import io.milena.server.config.InvalidSettingException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options by which commands are given settings. */
final class SettingOptions {
    @Option(
            names = {"-c", "--config"},
            paramLabel = "server.properties",
            description = "File of settings with Kafka's names.")
    @Nullable
    Path file;

    @Option(
            names = {"--set", "--override"},
            paramLabel = "name=value",
            description = "A setting that goes before the environment's and the file's; may be repeated.")
    Map<String, String> overrides = new LinkedHashMap<>();

    /** Reads the settings of this process. */
    SettingSources read() {
        return SettingSources.read(file, System.getenv(), overrides);
    }

    /** The same, where the file may also be named without an option. */
    SettingSources read(@Nullable Path otherFile) {
        if (file != null && otherFile != null) {
            throw new InvalidSettingException("two files of settings are named: " + file + " and " + otherFile);
        }
        return SettingSources.read(file == null ? otherFile : file, System.getenv(), overrides);
    }
}
