package io.milena.compat.harness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A container that the tests started by {@code docker run}; it is removed at the end, a volume with a name is not. */
public final class DockerContainer implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final String id;

    private DockerContainer(String id) {
        this.id = id;
    }

    /** Runs one in the background, asked for its health every second; the arguments are those of {@code docker run}. */
    public static DockerContainer run(String... arguments) {
        List<String> command = new ArrayList<>(List.of("run", "--detach", "--health-interval", "1s"));
        command.addAll(List.of(arguments));
        return new DockerContainer(docker(command.toArray(String[]::new)));
    }

    /** Runs a command of Docker's own tool to its end and returns what it printed. */
    public static String docker(String... arguments) {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(arguments));
        return CommandResult.of("docker", command, null).succeeded().stdout().strip();
    }

    /** Waits until its health check says that it is well. */
    public void awaitHealthy() {
        Waiting.until("a healthy container", TIMEOUT, this::isJudged, this::log);
        String health = inspect("{{.State.Health.Status}}");
        if (!health.equals("healthy")) {
            throw new AssertionError("it is " + health + "\n" + log());
        }
    }

    /** One field of its state, by a template. */
    public String inspect(String template) {
        return docker("inspect", "--format", template, id);
    }

    /** The port of the host that leads to a port of it. */
    public int port(int inside) {
        String address = docker("port", id, inside + "/tcp").lines().findFirst().orElseThrow();
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    /** Runs a program in it and returns what that printed. */
    public String exec(String... command) {
        List<String> arguments = new ArrayList<>(List.of("exec", id));
        arguments.addAll(List.of(command));
        return docker(arguments.toArray(String[]::new));
    }

    /** All that it logged. */
    public String log() {
        return docker("logs", id);
    }

    /** Stops it as an operator does, and returns the exit code of the broker; 137 if it had to be killed. */
    public int stop() {
        docker("stop", "--time", Long.toString(TIMEOUT.toSeconds()), id);
        return Integer.parseInt(inspect("{{.State.ExitCode}}"));
    }

    /** Asks seldom, for each question starts a program. */
    private boolean isJudged() {
        Waiting.pause(Duration.ofMillis(300));
        return !inspect("{{.State.Health.Status}}").equals("starting");
    }

    @Override
    public void close() {
        docker("rm", "--force", "--volumes", id);
    }
}
