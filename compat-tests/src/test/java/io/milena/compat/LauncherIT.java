package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.ChildProcess;
import io.milena.compat.harness.CommandResult;
import io.milena.compat.harness.Folders;
import io.milena.compat.harness.Ports;
import io.milena.compat.harness.RawConnection;
import io.milena.compat.harness.Waiting;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The folder that is shipped: its launcher, the archive of loaded classes, and what it prints. The reference has no part in this. */
class LauncherIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String SHARED = "source: shared objects file";

    private final Path built = Folders.module().resolveSibling("server").resolve("target/milena");

    @Test
    void shouldStartFromTheArchiveOfClasses() {
        int port = Ports.free();
        Path folder = Folders.fresh("launcher");
        Path classes = folder.resolve("classes.log");
        Map<String, String> environment = Map.of(
                "KAFKA_LISTENERS", "PLAINTEXT://127.0.0.1:" + port, "MILENA_OPTS", "-Xlog:class+load:file=" + classes);
        try (ChildProcess broker = start(built, folder, environment, "start")) {
            awaitReady(broker);
            assertThat(brokers(port)).isEqualTo(1);
            broker.terminate();
            assertThat(broker.awaitExit(TIMEOUT)).isZero();
            assertThat(broker.stderr()).isEmpty();
        }
        List<String> ours = lines(classes).stream()
                .filter(line -> line.contains(" io.milena.") && !line.contains("Lambda"))
                .toList();
        assertThat(ours).hasSizeGreaterThan(100);
        assertThat(ours).filteredOn(line -> !line.contains(SHARED)).hasSizeLessThan(ours.size() / 10);
        assertThat(lines(classes)).noneMatch(line -> line.contains(" picocli."));
        assertThat(folder.resolve("milena-data/meta.properties")).isRegularFile();
    }

    @Test
    void shouldStartFromAnotherPlace() throws IOException {
        Path folder = Folders.fresh("moved");
        Path moved = Files.createDirectories(folder.resolve("with space/milena"));
        copyTo(moved);
        Files.createSymbolicLink(folder.resolve("link"), moved.resolve("bin/milena"));
        List<String> command = new ArrayList<>(java());
        command.add(folder.resolve("link").toString());
        serves(command, folder);
    }

    /** An older Java refuses to start if it is told of a cache, so it must not be, although it has the name that the newer one had. */
    @Test
    void shouldStartWithAnOlderJavaUnderTheNameOfTheOneItWasPreparedWith() throws IOException {
        Path folder = Folders.fresh("older-java");
        Path moved = Files.createDirectories(folder.resolve("milena"));
        copyTo(moved);
        Path newer = Files.createDirectories(folder.resolve("newer/bin")).resolve("java");
        Files.writeString(newer, "#!/bin/sh\necho AOTCacheOutput\n");
        assertThat(newer.toFile().setExecutable(true)).isTrue();
        Path java = Files.createSymbolicLink(folder.resolve("java"), folder.resolve("newer"));
        Path program = moved.resolve("bin/milena");
        List<String> prepare = List.of("env", "MILENA_JAVA_HOME=" + java, program.toString(), "prepare");
        try (ChildProcess process = ChildProcess.start("prepare", prepare, folder, Redirect.PIPE)) {
            assertThat(process.awaitExit(TIMEOUT)).isZero();
        }
        assertThat(moved.resolve("lib/milena.aot-java")).isSymbolicLink();
        Files.writeString(moved.resolve("lib/milena.aot"), "of a newer Java");
        Files.delete(java);
        Files.createSymbolicLink(java, Path.of(System.getProperty("java.home")));
        serves(List.of("env", "MILENA_JAVA_HOME=" + java, program.toString()), folder);
    }

    private void copyTo(Path home) throws IOException {
        try (Stream<Path> files = Files.walk(built)) {
            for (Path file : files.toList()) {
                Path copy = home.resolve(built.relativize(file));
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
                }
            }
        }
    }

    @Test
    void shouldExplainItselfAndItsSettings() {
        assertThat(run("--help").succeeded().stdout())
                .contains("start", "config", "format", "info", "MILENA_", "Exit codes");
        assertThat(run("--version").succeeded().stdout()).startsWith("milena ").contains(".");
        assertThat(run("config", "log.retention.hours").succeeded().stdout()).contains("log.retention.hours = 168");
        assertThat(run("stroll").exit()).isEqualTo(2);
        assertThat(run("start", "absent.properties").exit()).isEqualTo(1);
        assertThat(built.resolve("completion/milena")).content().contains("complete -F");
    }

    private CommandResult run(String... arguments) {
        Path folder = Folders.fresh("launcher");
        try (ChildProcess process = start(built, folder, Map.of(), arguments)) {
            int exit = process.awaitExit(TIMEOUT);
            return new CommandResult("milena", exit, process.stdoutFile(), process.stderr());
        }
    }

    private static void serves(List<String> program, Path folder) {
        int port = Ports.free();
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of("start", "--set", "listeners=PLAINTEXT://127.0.0.1:" + port));
        try (ChildProcess broker = ChildProcess.start("milena", command, folder, Redirect.PIPE)) {
            awaitReady(broker);
            assertThat(brokers(port)).isEqualTo(1);
            broker.terminate();
            assertThat(broker.awaitExit(TIMEOUT)).isZero();
            assertThat(broker.stderr()).isEmpty();
        }
    }

    private static ChildProcess start(Path home, Path folder, Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(java());
        environment.forEach((name, value) -> command.add(name + "=" + value));
        command.add(home.resolve("bin/milena").toString());
        command.addAll(List.of(arguments));
        return ChildProcess.start("milena", command, folder, Redirect.PIPE);
    }

    /** The Java of the tests, which is the one of the build. */
    private static List<String> java() {
        return List.of("env", "MILENA_JAVA_HOME=" + System.getProperty("java.home"));
    }

    private static void awaitReady(ChildProcess broker) {
        Waiting.until(
                "the ready line", TIMEOUT, () -> broker.stdout().contains(" ready: ") || !broker.alive(), broker::tail);
        assertThat(broker.alive()).as(broker::tail).isTrue();
    }

    private static int brokers(int port) {
        try (RawConnection connection = RawConnection.open(port)) {
            return connection.metadata().brokers();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
