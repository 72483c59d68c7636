package io.milena.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.Milena;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MainTest {
    @TempDir
    Path folder;

    private final StringWriter output = new StringWriter();
    private final StringWriter errors = new StringWriter();

    @Test
    void shouldTellAWrongSettingInOneLine() throws IOException {
        Path file = Files.writeString(folder.resolve("server.properties"), "num.partitions=none\n");
        assertThat(run("start", file.toString())).isEqualTo(1);
        assertThat(errors.toString().lines())
                .containsExactly("milena: num.partitions cannot be \"none\": it takes a whole number, >= 1");
    }

    @Test
    void shouldLetTheCommandLineReplaceTheFile() throws IOException {
        Path file = Files.writeString(folder.resolve("server.properties"), "num.partitions=3\n");
        assertThat(run("start", file.toString(), "--set", "num.partitions=-7")).isEqualTo(1);
        assertThat(errors.toString()).contains("\"-7\"");
    }

    @Test
    void shouldTellAMissingFileInOneLine() {
        Path file = folder.resolve("nowhere.properties");
        assertThat(run("start", file.toString())).isEqualTo(1);
        assertThat(errors.toString().lines()).containsExactly("milena: there is no file " + file);
    }

    @Test
    void shouldTellAFolderOfAnotherBrokerInOneLine() throws IOException {
        Files.writeString(folder.resolve("meta.properties"), "version=1\n");
        assertThat(run("start", "--set", "log.dirs=" + folder)).isEqualTo(1);
        assertThat(errors.toString().lines())
                .singleElement()
                .satisfies(line -> assertThat(line).contains("formatted by another broker"));
    }

    @Test
    void shouldHelp() {
        assertThat(run("--help")).isZero();
        assertThat(output.toString()).contains("start");
        assertThat(run("--version")).isZero();
        assertThat(output.toString()).contains("milena ");
        assertThat(run("start", "--help")).isZero();
        assertThat(output.toString()).contains("--set");
        assertThat(run("dance")).isEqualTo(2);
    }

    @Test
    void shouldExplainSettings() throws IOException {
        Path file = Files.writeString(folder.resolve("server.properties"), "num.partitions=3\n");
        assertThat(run("config", "-c", file.toString(), "--set", "log.retention.ms=5", "--changed"))
                .isZero();
        assertThat(output.toString().lines())
                .contains("num.partitions = 3", "    from " + file + "; default: 1", "log.retention.ms = 5")
                .contains("    from --set; default: (unset)");
        output.getBuffer().setLength(0);
        assertThat(run("config", "NODE.ID")).isZero();
        assertThat(output.toString().lines()).contains("node.id = 1").doesNotContain("num.partitions = 3");
        assertThat(output.toString()).contains("which Milena fills in").doesNotContain("without effect");
        assertThat(run("config", "ssl.keystore.location")).isZero();
        assertThat(output.toString()).contains("Accepted, without effect.");
    }

    @Test
    void shouldFormatFoldersOnce() {
        String folders = "log.dirs=" + folder.resolve("a") + "," + folder.resolve("b");
        assertThat(run("format", "--set", folders, "-t", "my-cluster")).isZero();
        assertThat(folder.resolve("a/meta.properties")).content().contains("cluster.id=my-cluster", "node.id=1");
        assertThat(folder.resolve("b/meta.properties")).content().contains("cluster.id=my-cluster", "node.id=1");
        assertThat(run("format", "--set", folders)).isEqualTo(1);
        assertThat(errors.toString().lines())
                .singleElement()
                .satisfies(line -> assertThat(line).contains("formatted already, for the cluster my-cluster"));
        assertThat(run("format", "--set", folders + "," + folder.resolve("c"), "--ignore-formatted"))
                .isZero();
        assertThat(folder.resolve("c/meta.properties")).content().contains("cluster.id=my-cluster");
        assertThat(run("format", "--set", folders, "-g", "-t", "other")).isEqualTo(1);
        assertThat(run("format", "--set", "log.dirs=" + folder.resolve("d"), "-t", "a b"))
                .isEqualTo(1);
        assertThat(folder.resolve("d")).doesNotExist();
    }

    @Test
    void shouldTellWhatIsInFolders() {
        Path data = folder.resolve("data");
        assertThat(run("info", data.toString())).isEqualTo(1);
        assertThat(output.toString()).contains("there is no such folder");
        try (Milena broker =
                Milena.builder().dataFolder(data).topic("orders", 2).start()) {
            assertThat(broker.port()).isPositive();
            assertThat(run("info", data.toString())).isZero();
            assertThat(output.toString()).contains("in use");
        }
        output.getBuffer().setLength(0);
        assertThat(run("info", "--set", "log.dirs=" + data, "--partitions")).isZero();
        assertThat(output.toString())
                .contains("left in order", "cluster id", "node id       1", "partitions    3", "orders-0", "orders-1");
    }

    @Test
    void shouldComplete() {
        assertThat(run("generate-completion")).isZero();
        assertThat(output.toString()).contains("complete -F", "config", "--set");
    }

    private int run(String... arguments) {
        CommandLine command = Main.commandLine();
        command.setOut(new PrintWriter(output, true));
        command.setErr(new PrintWriter(errors, true));
        return command.execute(arguments);
    }
}
