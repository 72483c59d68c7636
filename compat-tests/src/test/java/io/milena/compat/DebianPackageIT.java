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
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The package for Debian, unpacked but not installed. Runs with {@code -Pdeb}, which makes it. */
class DebianPackageIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String UNIT = "lib/systemd/system/milena.service";

    private final Path folder = Folders.fresh("deb");

    @Test
    void shouldHoldScriptsThatAreUnderstood() throws IOException {
        Path control = folder.resolve("control");
        run("dpkg-deb", "--control", built().toString(), control.toString());
        for (String script : List.of("postinst", "prerm", "postrm")) {
            assertThat(control.resolve(script)).isExecutable();
            run("sh", "-n", control.resolve(script).toString());
        }
        assertThat(control.resolve("conffiles")).hasContent("/etc/milena/server.properties");
    }

    @Test
    void shouldHoldWhatItsUnitStarts() throws IOException {
        Path root = folder.resolve("root");
        run("dpkg-deb", "--extract", built().toString(), root.toString());
        int port = Ports.free();
        try (ChildProcess broker = ChildProcess.start("milena", command(root, port), folder, Redirect.PIPE)) {
            Waiting.until(
                    "the ready line",
                    TIMEOUT,
                    () -> broker.stdout().contains(" ready: ") || !broker.alive(),
                    broker::tail);
            try (RawConnection connection = RawConnection.open(port)) {
                assertThat(connection.metadata().brokers()).isEqualTo(1);
            }
            broker.terminate();
            assertThat(broker.awaitExit(TIMEOUT)).isZero();
        }
        assertThat(Files.readSymbolicLink(root.resolve("usr/bin/milena"))).hasToString("/usr/share/milena/bin/milena");
        assertThat(root.resolve("usr/share/bash-completion/completions/milena")).isRegularFile();
    }

    /** What the unit starts, with the paths that it has below the root, on another port and with its data elsewhere. */
    private List<String> command(Path root, int port) throws IOException {
        String start = Files.readAllLines(root.resolve(UNIT)).stream()
                .filter(line -> line.startsWith("ExecStart="))
                .map(line -> line.substring("ExecStart=".length()))
                .findFirst()
                .orElseThrow();
        List<String> command = new ArrayList<>(List.of("env", "MILENA_JAVA_HOME=" + System.getProperty("java.home")));
        for (String word : start.split(" ", -1)) {
            command.add(word.startsWith("/") ? root + word : word);
        }
        command.addAll(List.of("--set", "listeners=PLAINTEXT://127.0.0.1:" + port));
        command.addAll(List.of("--set", "log.dirs=" + folder.resolve("data")));
        return command;
    }

    private static Path built() throws IOException {
        try (Stream<Path> files =
                Files.list(Folders.module().resolveSibling("server").resolve("target"))) {
            return files.filter(file -> file.toString().endsWith(".deb"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void run(String... command) {
        CommandResult.of(command[0], List.of(command), null).succeeded();
    }
}
