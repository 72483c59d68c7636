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

/** How a command ended that ran to its end. */
public record CommandResult(String name, int exit, Path stdoutFile, String stderr) {

    private static final Duration TIMEOUT = Duration.ofSeconds(120);

    /** Runs a command with a file, or nothing, on standard input. */
    public static CommandResult of(String name, List<String> command, @Nullable Path stdin) {
        Redirect input = Redirect.from(stdin == null ? new File("/dev/null") : stdin.toFile());
        try (ChildProcess process = ChildProcess.start(name, command, Folders.fresh(name), input)) {
            int exit = process.awaitExit(TIMEOUT);
            return new CommandResult(name, exit, process.stdoutFile(), process.stderr());
        }
    }

    /** Standard output as text. */
    public String stdout() {
        try {
            return Files.readString(stdoutFile);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** This result; fails with the command's output unless it ended with 0. */
    public CommandResult succeeded() {
        if (exit != 0) {
            throw new AssertionError(name + " ended with " + exit + "\n" + stdout() + "\n" + stderr);
        }
        return this;
    }
}
