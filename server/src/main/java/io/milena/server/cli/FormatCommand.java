package io.milena.server.cli;

import io.milena.server.config.BrokerSettings;
import io.milena.server.storage.FolderFormat;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code milena format}: writes down whose the data folders are before the first start, which does it too if nobody did. */
@Command(
        name = "format",
        description =
                "Prepare data folders for a cluster id of your choice. A start does it by itself, with a random one.",
        mixinStandardHelpOptions = true)
final class FormatCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private SettingOptions options = new SettingOptions();

    @Option(
            names = {"-t", "--cluster-id"},
            paramLabel = "ID",
            description = "The cluster's id; a random one unless given.")
    private @Nullable String clusterId;

    @Option(
            names = {"-g", "--ignore-formatted"},
            description = "Leave folders that are formatted as they are, instead of refusing.")
    private boolean ignoreFormatted;

    @Override
    public Integer call() {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        BrokerSettings settings = BrokerSettings.of(options.read().values());
        FolderFormat.Existing existing = ignoreFormatted ? FolderFormat.Existing.LEAVE : FolderFormat.Existing.REFUSE;
        new FolderFormat(settings.nodeId(), clusterId)
                .format(settings.logDirs(), settings.metadataLogDir(), existing)
                .forEach(out::println);
        out.flush();
        return ExitCode.DONE;
    }
}
