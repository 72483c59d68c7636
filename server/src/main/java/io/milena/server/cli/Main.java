package io.milena.server.cli;

import io.milena.server.BrokerStartException;
import io.milena.server.config.InvalidSettingException;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The program {@code milena}. Without a command it starts a broker with default settings. */
@Command(
        name = "milena",
        description = "A Kafka-wire-compatible broker in one process.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        subcommands = StartCommand.class)
public final class Main implements Callable<Integer> {
    private static final int FAILED = 1;

    /** The entry of the jar. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(Main::report);
    }

    @Override
    public Integer call() throws InterruptedException {
        return new StartCommand().call();
    }

    /** What an operator can put right is one line; anything else is a defect and keeps its stack trace. */
    private static int report(Exception failure, CommandLine command, CommandLine.ParseResult parsed) throws Exception {
        if (failure instanceof BrokerStartException || failure instanceof InvalidSettingException) {
            command.getErr().println("milena: " + failure.getMessage());
            return FAILED;
        }
        throw failure;
    }

    /** Reads the version that the build wrote into the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"milena " + (version == null ? "(not packaged)" : version)};
        }
    }
}
