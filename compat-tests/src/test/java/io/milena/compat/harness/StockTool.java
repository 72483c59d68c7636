package io.milena.compat.harness;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A main class of Kafka's released tools, run with arguments as the shell scripts of Kafka would. */
public final class StockTool {

    private final String mainClass;

    private StockTool(String mainClass) {
        this.mainClass = mainClass;
    }

    /** A tool by its class, relative to {@code org.apache.kafka.tools} unless it starts with {@code kafka.}. */
    public static StockTool of(String mainClass) {
        return new StockTool(className(mainClass));
    }

    /** The full name of a tool's class. */
    static String className(String tool) {
        return tool.startsWith("kafka.") ? tool : "org.apache.kafka.tools." + tool;
    }

    /** Runs it with nothing on standard input. */
    public CommandResult run(String... arguments) {
        return run(null, List.of(arguments));
    }

    /** Runs it with a file, or nothing, on standard input. */
    public CommandResult run(@Nullable Path stdin, List<String> arguments) {
        String name = mainClass.substring(mainClass.lastIndexOf('.') + 1);
        List<String> command = JavaCommand.program(Folders.kafkaJars() + "/*", mainClass, arguments);
        return CommandResult.of(name, command, stdin);
    }
}
