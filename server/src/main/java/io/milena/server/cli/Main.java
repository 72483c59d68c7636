package io.milena.server.cli;

import io.milena.server.BrokerStartException;
import io.milena.server.config.InvalidSettingException;
import io.milena.server.storage.DataFolderException;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The program {@code milena}. Without a command it starts a broker with default settings. */
@Command(
        name = "milena",
        description = {
            "A Kafka-wire-compatible broker in one process.",
            "",
            "Without a command it starts a broker on port 9092 that keeps its data in ./milena-data; Ctrl-C stops it.",
            ""
        },
        footer = {
            "",
            "Settings have Kafka's names. The strongest first:",
            "  --set log.retention.ms=60000        on the command line",
            "  MILENA_LOG_RETENTION_MS=60000       in the environment; __ stands for an underscore, ___ for a dash",
            "  KAFKA_LOG_RETENTION_MS=60000        in the environment, as images of Kafka have it",
            "  log.retention.ms=60000              in server.properties",
            "",
            "  milena start server.properties      starts with a file of settings",
            "  milena config retention             explains the settings that have to do with retention",
            "  milena info                         tells what is in the data folder",
            "  source <(milena generate-completion)  completes commands and options in bash and zsh",
            "",
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:done; a broker was told to stop and did so in order",
            "1:failed: a wrong setting, a folder or port that is taken, or a broker whose data folders broke",
            "2:the command line was not understood"
        },
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        subcommands = {
            StartCommand.class,
            ConfigCommand.class,
            FormatCommand.class,
            InspectCommand.class,
            AutoComplete.GenerateCompletion.class
        })
public final class Main implements Callable<Integer> {
    /** Netty's own name: of so many buffers it watches one, to tell who forgot to release it. */
    private static final String WATCHED_BUFFERS_INTERVAL = "io.netty.leakDetection.samplingInterval";

    /** The entry of the jar. */
    public static void main(String[] arguments) {
        watchFewBuffers();
        StartCommand start = StartArguments.parse(arguments);
        System.exit(start == null ? commandLine().execute(arguments) : run(start));
    }

    /** Each buffer that is watched costs several stack traces, which is a tenth of all garbage with Netty's 128. */
    private static void watchFewBuffers() {
        if (System.getProperty(WATCHED_BUFFERS_INTERVAL) == null) {
            System.setProperty(WATCHED_BUFFERS_INTERVAL, "4096");
        }
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

    /** The command line's library takes longer than the broker's own start; a plain start does without it. */
    private static int run(StartCommand start) {
        try {
            return start.call();
        } catch (BrokerStartException | InvalidSettingException | DataFolderException e) {
            System.err.println(line(e));
            return ExitCode.FAILED;
        }
    }

    private static String line(Exception failure) {
        return "milena: " + failure.getMessage();
    }

    /** What an operator can put right is one line; anything else is a defect and keeps its stack trace. */
    private static int report(Exception failure, CommandLine command, CommandLine.ParseResult parsed) throws Exception {
        if (failure instanceof BrokerStartException
                || failure instanceof InvalidSettingException
                || failure instanceof DataFolderException) {
            command.getErr().println(line(failure));
            return ExitCode.FAILED;
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
