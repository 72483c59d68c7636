package io.milena.compat.harness;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A main class of Kafka's released tools, run with arguments as the shell scripts of Kafka would. */
public final class StockTool {

    private static final Duration TIMEOUT = Duration.ofSeconds(120);

    private final String mainClass;

    private StockTool(String mainClass) {
        this.mainClass = mainClass;
    }

    /** A tool by its class, relative to {@code org.apache.kafka.tools} unless it starts with {@code kafka.}. */
    public static StockTool of(String mainClass) {
        return new StockTool(mainClass.startsWith("kafka.") ? mainClass : "org.apache.kafka.tools." + mainClass);
    }

    /** Runs it with nothing on standard input. */
    public Result run(String... arguments) {
        return run(null, List.of(arguments));
    }

    /** Runs it with a file, or nothing, on standard input. */
    public Result run(@Nullable Path stdin, List<String> arguments) {
        Redirect input = Redirect.from(stdin == null ? new File("/dev/null") : stdin.toFile());
        try (ChildProcess process = launch(input, arguments)) {
            int exit = process.awaitExit(TIMEOUT);
            return new Result(mainClass, exit, process.stdoutFile(), process.stderr());
        }
    }

    /** Starts it and leaves it running. */
    public ChildProcess start(String... arguments) {
        return launch(Redirect.from(new File("/dev/null")), List.of(arguments));
    }

    private ChildProcess launch(Redirect stdin, List<String> arguments) {
        String name = mainClass.substring(mainClass.lastIndexOf('.') + 1);
        List<String> command = JavaCommand.program(Folders.kafkaJars() + "/*", mainClass, arguments);
        return ChildProcess.start(name, command, Folders.fresh(name), stdin);
    }

    /** How a tool ended. */
    public record Result(String tool, int exit, Path stdoutFile, String stderr) {

        /** Standard output as text. */
        public String stdout() {
            try {
                return Files.readString(stdoutFile);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** This result; fails with the tool's output unless it ended with 0. */
        public Result succeeded() {
            if (exit != 0) {
                throw new AssertionError(tool + " ended with " + exit + "\n" + stdout() + "\n" + stderr);
            }
            return this;
        }
    }
}
