package io.milena.server.cli;

import io.milena.server.config.BrokerSettings;
import io.milena.server.storage.FolderSurvey;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code milena info}: looks into data folders without changing anything, also those of a running broker. */
@Command(
        name = "info",
        description = "Tell what is in data folders: whose they are, partitions, sizes, how the broker ended.",
        mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private SettingOptions options = new SettingOptions();

    @Parameters(paramLabel = "FOLDER", description = "Folders to look into; those of the settings unless given.")
    private List<Path> folders = new ArrayList<>();

    @Option(names = "--partitions", description = "List every partition with its size.")
    private boolean partitions;

    @Override
    public Integer call() {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        boolean complete = true;
        for (Path folder : wanted()) {
            FolderSurvey survey = FolderSurvey.of(folder);
            complete &= survey.isFormatted();
            print(out, survey);
        }
        out.flush();
        return complete ? ExitCode.DONE : ExitCode.FAILED;
    }

    private List<Path> wanted() {
        if (!folders.isEmpty()) {
            return folders;
        }
        return BrokerSettings.of(options.read().values()).logDirs().stream()
                .map(Path::of)
                .toList();
    }

    private void print(PrintWriter out, FolderSurvey survey) {
        out.println(survey.folder().toAbsolutePath().normalize());
        out.println("  state         " + survey.state().text());
        if (survey.isFormatted()) {
            out.println("  cluster id    " + survey.property("cluster.id"));
            out.println("  node id       " + survey.property("node.id"));
            out.println("  directory id  " + survey.property("directory.id"));
            out.println("  partitions    " + survey.partitions().size());
            out.println("  bytes         " + survey.bytes());
            if (partitions) {
                survey.partitions().forEach((name, bytes) -> out.println("    " + name + "  " + bytes));
            }
        }
    }
}
