package io.milena.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

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

    private int run(String... arguments) {
        CommandLine command = Main.commandLine();
        command.setOut(new PrintWriter(output, true));
        command.setErr(new PrintWriter(errors, true));
        return command.execute(arguments);
    }
}
