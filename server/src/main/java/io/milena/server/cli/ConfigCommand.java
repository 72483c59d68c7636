package io.milena.server.cli;

import io.milena.server.config.BrokerSettings;
import io.milena.server.config.ConfigEntry;
import io.milena.server.config.Setting;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code milena config}: prints settings as a broker that is started with the same options would have them. */
@Command(
        name = "config",
        description = "Print settings: value, where it is from, default, what it is for.",
        footer = {
            "",
            "A value is from --set, else from a variable MILENA_LOG_RETENTION_MS (for log.retention.ms), else from KAFKA_LOG_RETENTION_MS,"
                    + " else from the file, else the default. Settings changed at runtime are kept by the broker and shown by kafka-configs."
        },
        mixinStandardHelpOptions = true)
final class ConfigCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private SettingOptions options = new SettingOptions();

    @Parameters(
            arity = "0..1",
            paramLabel = "FILTER",
            description = "Print only settings with this text in their name or description.")
    private String filter = "";

    @Option(names = "--changed", description = "Print only settings that are not left to their default.")
    private boolean changed;

    @Override
    public Integer call() {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        SettingSources sources = options.read();
        for (ConfigEntry entry : BrokerSettings.of(sources.values()).entries()) {
            Setting setting = entry.setting();
            String source = sources.source(setting.name());
            if (matches(setting) && (source != null || !changed)) {
                out.println(setting.name() + " = " + shown(setting, entry.text()));
                out.println("    " + origin(setting, entry, source));
                out.println("    " + setting.documentation()
                        + (setting.effect() == Setting.Effect.KEPT ? " Accepted, without effect." : ""));
            }
        }
        out.flush();
        return ExitCode.DONE;
    }

    private boolean matches(Setting setting) {
        String wanted = filter.toLowerCase(Locale.ROOT);
        return setting.name().toLowerCase(Locale.ROOT).contains(wanted)
                || setting.documentation().toLowerCase(Locale.ROOT).contains(wanted);
    }

    private static String origin(Setting setting, ConfigEntry entry, @Nullable String source) {
        String standard = "default: " + shown(setting, setting.defaultText());
        if (source != null) {
            return "from " + source + "; " + standard;
        }
        return Objects.equals(entry.text(), setting.defaultText()) ? standard : standard + ", which Milena fills in";
    }

    private static String shown(Setting setting, @Nullable String text) {
        if (text == null) {
            return "(unset)";
        }
        return setting.secret() ? "(hidden)" : text.isEmpty() ? "(empty)" : text;
    }
}
