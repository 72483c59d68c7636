package io.milena.compat.harness;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a shell finds that runs the commands of a document: Kafka's tools by their names, and {@code mvn}, {@code npm}, {@code pip} and {@code go} with what this
 * build has installed, so that nothing is downloaded.
 */
final class DocumentCommands {
    private static final Map<String, String> TOOLS = Map.ofEntries(
            Map.entry("kafka-topics", "TopicCommand"),
            Map.entry("kafka-configs", "kafka.admin.ConfigCommand"),
            Map.entry("kafka-console-producer", "ConsoleProducer"),
            Map.entry("kafka-console-consumer", "consumer.ConsoleConsumer"),
            Map.entry("kafka-consumer-groups", "consumer.group.ConsumerGroupCommand"),
            Map.entry("kafka-dump-log", "DumpLogSegments"),
            Map.entry("kafka-get-offsets", "GetOffsetShell"),
            Map.entry("kafka-log-dirs", "LogDirsCommand"),
            Map.entry("kafka-storage", "kafka.tools.StorageTool"));

    private final Path folder = Folders.fresh("commands");

    DocumentCommands() throws IOException {
        for (Map.Entry<String, String> tool : TOOLS.entrySet()) {
            List<String> command =
                    JavaCommand.program(Folders.kafkaJars() + "/*", StockTool.className(tool.getValue()), List.of());
            write(tool.getKey(), "exec " + quoted(command) + " \"$@\"");
        }
        write("kafka-server-start", "exec " + quoted(JavaCommand.kafka("kafka.Kafka")) + " \"$@\"");
        // Packages are those that the build has just made.
        write("mvn", "case \" $* \" in *' package '*) exit 0 ;; esac\nexec " + maven() + " \"$@\"");
        Path modules = Folders.module().resolve("src/test/node/node_modules");
        write("npm", "[ \"$1\" = install ]\nexec " + found("npm") + " install --offline '" + modules + "'/\"$2\"");
    }

    /** The variables of the shell. */
    Map<String, String> environment() {
        String python = Folders.target().resolve("python/bin").toString();
        String java = System.getProperty("java.home");
        String path = String.join(File.pathSeparator, folder.toString(), python, java + "/bin", System.getenv("PATH"));
        return Map.of(
                "PATH", path,
                "JAVA_HOME", java,
                "GOPROXY", "off",
                "GOSUMDB", "off",
                "GOFLAGS", "",
                "PIP_NO_INDEX", "1");
    }

    private void write(String name, String script) throws IOException {
        Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\nset -e\n" + script + "\n");
        if (!file.toFile().setExecutable(true)) {
            throw new IOException("cannot make it executable: " + file);
        }
    }

    private static String maven() {
        String repository = System.getProperty("maven.repo.local");
        return found("mvn") + " -B -o -ntp" + (repository == null ? "" : " '-Dmaven.repo.local=" + repository + "'");
    }

    private static String quoted(List<String> words) {
        List<String> quoted = new ArrayList<>();
        words.forEach(word -> quoted.add("'" + word + "'"));
        return String.join(" ", quoted);
    }

    /** Where the system has a program, or its name if it has none. */
    private static String found(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .map(entry -> Path.of(entry, program))
                .filter(Files::isExecutable)
                .findFirst()
                .map(Path::toString)
                .orElse(program);
    }
}
