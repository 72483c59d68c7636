package io.milena.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class StartArgumentsTest {
    @Test
    void shouldUnderstandPlainStarts() {
        assertThat(parse("start")).isTrue();
        assertThat(parse("start server.properties")).isTrue();
        assertThat(parse("start --set a.b=c --override d=e=f /x/y.properties --set g="))
                .isTrue();
        assertThat(parse("start --cluster-id 4L6g3nShT-eMCtK--X86sw --ready-line [started]"))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "config",
                "-h",
                "start -h",
                "start --set",
                "start --set a",
                "start --set =a",
                "start a b",
                "start --sit a=b",
                "start --set=a=b",
                "start -c a",
                "start --set a=\"b",
                "start 'a",
                "start --cluster-id",
                "start --cluster-id -h",
                "start --ready-line a --ready-line b"
            })
    void shouldLeaveTheRestToTheLibrary(String line) {
        assertThat(parse(line)).isFalse();
    }

    @Test
    void shouldUnderstandWhatTheLibraryDoes() {
        String[] arguments = {
            "start",
            "--set",
            "a=b=c",
            "--override",
            "d=",
            "--ready-line",
            "[a b] c",
            "--cluster-id",
            "e",
            "server.properties"
        };
        CommandLine library = Main.commandLine();
        library.parseArgs(arguments);
        StartCommand expected = (StartCommand)
                library.getSubcommands().get("start").getCommandSpec().userObject();
        assertThat(StartArguments.parse(arguments)).usingRecursiveComparison().isEqualTo(expected);
    }

    private static boolean parse(String line) {
        return StartArguments.parse(line.split(" ", -1)) != null;
    }
}
