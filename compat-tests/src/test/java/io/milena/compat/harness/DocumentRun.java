package io.milena.compat.harness;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Does what a document says, in a folder that has what the top of the repository has: a document starts its broker itself,
 * or asks for one. Where it names a
 * port, a free one is taken. A block of commands begins in the folder in which the one before it ended.
 */
public final class DocumentRun implements AutoCloseable {
    private static final List<String> PORTS = List.of("9092", "9093", "9094", "9644");
    private static final Duration TIMEOUT = Duration.ofSeconds(150);

    /** Maven ends its output with one even where nobody sees colours. */
    private static final Pattern COLOURS = Pattern.compile("\\x1B\\[[0-9;]*m");

    private final Path logs;
    private final Path folder;
    private final Map<String, String> environment = new TreeMap<>();
    private final Map<String, String> ports = new TreeMap<>();
    private Path current;
    private String printed = "";
    private final Deque<ChildProcess> running = new ArrayDeque<>();

    /** Prepares its folder. */
    public DocumentRun(String name) throws IOException {
        logs = Folders.fresh(name);
        folder = Files.createDirectory(logs.resolve("here"));
        current = folder;
        for (String link : List.of("server", "compat-tests", "benchmarks")) {
            Files.createSymbolicLink(folder.resolve(link), Folders.module().resolveSibling(link));
        }
        environment.putAll(new DocumentCommands().environment());
        PORTS.forEach(port -> ports.put(port, Integer.toString(Ports.free())));
        environment.put("MILENA_LISTENERS", "PLAINTEXT://:" + ports.get("9092"));
        environment.put("MILENA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0"); // saves time, and is no part of what is told
    }

    /** Starts a broker, as the README does. */
    public void startBroker() throws IOException {
        String command = "server/target/milena/bin/milena start\n";
        runUntil(new DocumentBlock("broker", "bash", DocumentBlock.Action.RUN_UNTIL, null, " ready: ", command));
    }

    /** Does what the block wants. */
    public void follow(DocumentBlock block) throws IOException {
        switch (block.action()) {
            case RUN -> run(block);
            case RUN_STOPPED -> {
                stop();
                run(block);
            }
            case RUN_UNTIL -> {
                stop();
                runUntil(block);
            }
            case RUN_BESIDE_UNTIL -> runUntil(block);
            case FILE -> write(block);
            case PRINTS -> compare(block);
            case SHOWN, TESTED_BY, EXCERPT_OF -> {}
            case NONE -> throw new AssertionError(block.place() + " does not say what to do with the block");
        }
    }

    @Override
    public void close() {
        stop();
        Folders.delete(folder);
    }

    private void run(DocumentBlock block) throws IOException {
        Path end = logs.resolve("pwd");
        String script = "set -euo pipefail\ncd '" + current + "'\n" + ours(block.text()) + "pwd > '" + end + "'\n";
        try (ChildProcess process = start(block, script)) {
            int exit = process.awaitExit(TIMEOUT);
            if (exit != 0) {
                throw new AssertionError(
                        block.place() + " ended with " + exit + "\n" + process.tail() + "\n" + brokers());
            }
            printed = process.stdout();
        }
        current = Path.of(Files.readString(end).strip());
    }

    private void runUntil(DocumentBlock block) throws IOException {
        String command = ours(block.text()).replace("\\\n", " ");
        if (command.lines().count() != 1) {
            throw new AssertionError(block.place() + " has more than one command");
        }
        ChildProcess process = start(block, "cd '" + current + "'\nexec " + command);
        running.push(process);
        Waiting.until(
                block.place() + " to print " + block.argument(),
                TIMEOUT,
                () -> (process.stdout() + process.stderr()).contains(block.argument()) || !process.alive(),
                process::tail);
        if (!process.alive()) {
            throw new AssertionError(block.place() + " ended\n" + process.tail());
        }
        printed = process.stdout();
    }

    private void write(DocumentBlock block) throws IOException {
        Path file = current.resolve(block.argument());
        Files.createDirectories(file.getParent());
        Files.writeString(file, ours(block.text()));
    }

    /** Each line in its place; blanks count as one. */
    private void compare(DocumentBlock block) {
        Iterator<String> actual = lines(printed).iterator();
        for (String line : lines(ours(block.text()))) {
            Pattern expected = Pattern.compile(
                    Stream.of(line.split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".*")));
            boolean found = false;
            while (!found && actual.hasNext()) {
                found = expected.matcher(actual.next()).matches();
            }
            if (!found) {
                throw new AssertionError(block.place() + " shows \"" + line + "\", which is not in:\n" + printed);
            }
        }
    }

    private static List<String> lines(String text) {
        return COLOURS.matcher(text)
                .replaceAll("")
                .lines()
                .map(line -> line.strip().replaceAll("\\s+", " "))
                .toList();
    }

    private ChildProcess start(DocumentBlock block, String script) throws IOException {
        String name = block.place().replaceAll("\\W", "-");
        Path file = Files.writeString(logs.resolve(name + ".sh"), script);
        List<String> command = new ArrayList<>(List.of("env"));
        environment.forEach((variable, value) -> command.add(variable + "=" + value));
        command.addAll(List.of("bash", file.toString()));
        return ChildProcess.start(name, command, logs, Redirect.from(new File("/dev/null")));
    }

    private String ours(String text) {
        String changed = text;
        for (Map.Entry<String, String> port : ports.entrySet()) {
            changed = changed.replace(port.getKey(), port.getValue());
        }
        return changed;
    }

    private String brokers() {
        return running.stream().map(ChildProcess::tail).collect(Collectors.joining("\n"));
    }

    /** Ctrl-C, as a reader would end what is in the foreground. */
    private void stop() {
        while (!running.isEmpty()) {
            ChildProcess process = running.pop();
            if (process.alive()) {
                process.terminate();
                process.awaitExit(TIMEOUT);
            }
        }
    }
}
