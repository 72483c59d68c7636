package io.milena.compat.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A client program of the tests in a process of its own, with a chosen generation of the Java client. */
public final class ClientProcess implements AutoCloseable {

    /** The generations the tests cover, oldest first. */
    public static final List<String> GENERATIONS = List.of("2.1.1", "2.8.2", "3.9.1", "4.3.1");

    /** The newest librdkafka, which the profile {@code python} gets. */
    public static final String LIBRDKAFKA = "librdkafka";

    /** The newest franz-go, which the profile {@code go} gets. */
    public static final String FRANZ_GO = "franz-go";

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final ChildProcess process;
    private int linesSeen;

    private ClientProcess(ChildProcess process) {
        this.process = process;
    }

    /** Starts a class of {@code io.milena.compat.program}, or the history program of a client that is not Java's. */
    public static ClientProcess start(String generation, String program, List<String> arguments) {
        List<String> command =
                switch (generation) {
                    case LIBRDKAFKA -> {
                        String script = Folders.module()
                                .resolve("src/test/python/history.py")
                                .toString();
                        yield foreign("python/bin/python", List.of(script, program), arguments);
                    }
                    case FRANZ_GO -> foreign("go-history", List.of(program), arguments);
                    default -> {
                        Path clients = Folders.target().resolve("clients");
                        String classPath = clients.resolve("programs") + ":" + clients.resolve(generation) + "/*";
                        yield JavaCommand.program(classPath, "io.milena.compat.program." + program, arguments);
                    }
                };
        return new ClientProcess(ChildProcess.start(program, command, Folders.fresh(program), Redirect.PIPE));
    }

    private static List<String> foreign(String executable, List<String> first, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Folders.target().resolve(executable).toString());
        command.addAll(first);
        command.addAll(arguments);
        return command;
    }

    /** Starts a program of another language. */
    public static ClientProcess of(String name, List<String> command) {
        return new ClientProcess(ChildProcess.start(name, command, Folders.fresh(name), Redirect.PIPE));
    }

    /** Sends a command and returns the lines of the answer, the last of which starts with {@code ok}. */
    public List<String> command(String command) {
        tell(command + "\n");
        Waiting.until("an answer to " + command, TIMEOUT, () -> answered() || !process.alive(), process::tail);
        List<String> lines = lines();
        List<String> answer = lines.subList(linesSeen, lines.size());
        linesSeen = lines.size();
        if (answer.isEmpty() || !answer.get(answer.size() - 1).startsWith("ok")) {
            throw new AssertionError(command + " was answered with " + answer + "\n" + process.tail());
        }
        return answer;
    }

    /** Writes to the program's standard input. */
    public void tell(String text) {
        try {
            process.stdin().write(text.getBytes(StandardCharsets.UTF_8));
            process.stdin().flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the client has ended\n" + process.tail(), e);
        }
    }

    /** The complete lines it has written so far. */
    public List<String> lines() {
        String text = process.stdout();
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    /** The process. */
    public ChildProcess process() {
        return process;
    }

    @Override
    public void close() {
        process.close();
    }

    private boolean answered() {
        List<String> lines = lines();
        return lines.size() > linesSeen && lines.get(lines.size() - 1).matches("(ok|error) .*");
    }
}
