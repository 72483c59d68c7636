package io.milena.compat.harness;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A process that the tests started, with its output in two files. It does not outlive the test JVM. */
public final class ChildProcess implements AutoCloseable {

    private static final Set<Process> STARTED = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> STARTED.forEach(Process::destroyForcibly)));
    }

    private final String name;
    private final Process process;
    private final Path stdout;
    private final Path stderr;

    private ChildProcess(String name, Process process, Path stdout, Path stderr) {
        this.name = name;
        this.process = process;
        this.stdout = stdout;
        this.stderr = stderr;
        STARTED.add(process);
    }

    /** Starts a command in a folder, which also gets its output; {@code stdin} is a pipe, {@code /dev/null} or a file. */
    public static ChildProcess start(String name, List<String> command, Path folder, Redirect stdin) {
        Path stdout = folder.resolve(name + ".out");
        Path stderr = folder.resolve(name + ".err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(stdin)
                .redirectOutput(Redirect.appendTo(stdout.toFile()))
                .redirectError(Redirect.appendTo(stderr.toFile()));
        try {
            return new ChildProcess(name, builder.start(), stdout, stderr);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command, e);
        }
    }

    /** The process id. */
    public long pid() {
        return process.pid();
    }

    /** Whether it runs. */
    public boolean alive() {
        return process.isAlive();
    }

    /** Its standard input, when that is a pipe. */
    public OutputStream stdin() {
        return process.getOutputStream();
    }

    /** All it has written to standard output. */
    public String stdout() {
        return read(stdout);
    }

    /** All it has written to standard error. */
    public String stderr() {
        return read(stderr);
    }

    /** The file with its standard output. */
    public Path stdoutFile() {
        return stdout;
    }

    /** The end of both outputs, for the message of a failure. */
    public String tail() {
        return name + " stdout:\n" + lastLines(stdout()) + "\n" + name + " stderr:\n" + lastLines(stderr());
    }

    /** Waits for its end and returns the exit code; fails with its output when it takes longer. */
    public int awaitExit(Duration timeout) {
        if (!exitsWithin(timeout)) {
            kill();
            throw new AssertionError(name + " did not end within " + timeout + "\n" + tail());
        }
        STARTED.remove(process);
        return process.exitValue();
    }

    /** SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    /** SIGKILL, and waits until it is gone. */
    public void kill() {
        process.destroyForcibly();
        awaitExit(Duration.ofSeconds(30));
    }

    /** SIGSTOP: it stays as it is, with its connections, until {@link #resume}. */
    public void suspend() {
        signal("-STOP");
    }

    /** SIGCONT. */
    public void resume() {
        signal("-CONT");
    }

    private void signal(String signal) {
        try {
            int exit = new ProcessBuilder("kill", signal, Long.toString(pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new IllegalStateException(name + " got no " + signal);
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(name + " got no " + signal, e);
        }
    }

    @Override
    public void close() {
        if (alive()) {
            kill();
        }
    }

    private boolean exitsWithin(Duration timeout) {
        try {
            return process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + name, e);
        }
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String lastLines(String text) {
        List<String> lines = text.lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
    }
}
