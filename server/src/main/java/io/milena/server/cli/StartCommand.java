package io.milena.server.cli;

import io.milena.server.Broker;
import io.milena.server.config.BrokerSettings;
import io.milena.server.storage.FolderFormat;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code milena start}: runs a broker until the process is told to end, which it then does in order, with exit code 0; or until
 * its data folders failed. */
@Command(name = "start", description = "Start a broker and run until SIGTERM.", mixinStandardHelpOptions = true)
final class StartCommand implements Callable<Integer> {
    static final String CLUSTER_ID = "--cluster-id";
    static final String READY_LINE = "--ready-line";

    private static final String LOGGER = "milena";

    @Mixin
    private SettingOptions options = new SettingOptions();

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "server.properties",
            description = "Settings with Kafka's names; defaults for all that is not in it.")
    private @Nullable Path file;

    @Option(
            names = "--log-format",
            paramLabel = "text|json",
            description =
                    "How the log is written to the terminal: text for people, json for programs, one line an event.")
    private LogFormat logFormat = LogFormat.TEXT;

    @Option(
            names = CLUSTER_ID,
            paramLabel = "ID",
            description = "The cluster's id: fresh data folders get it, others must have it.")
    private @Nullable String clusterId;

    @Option(
            names = READY_LINE,
            paramLabel = "TEXT",
            description = "Logged when the broker is ready, for programs that wait for what another broker logs.")
    private @Nullable String readyLine;

    /** A start that has these as the command line would set them, and no other option. */
    static StartCommand of(@Nullable Path file, Map<String, String> overrides, Map<String, String> texts) {
        StartCommand start = new StartCommand();
        start.file = file;
        start.options.overrides.putAll(overrides);
        start.clusterId = texts.get(CLUSTER_ID);
        start.readyLine = texts.get(READY_LINE);
        return start;
    }

    @Override
    public Integer call() {
        Broker broker = open();
        Logger log = LoggerFactory.getLogger(LOGGER);
        Thread hook = new Thread(() -> stop(broker, log, ExitCode.DONE), "milena-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        broker.lost().toCompletableFuture().join();
        stop(broker, log, ExitCode.FAILED);
        return ExitCode.FAILED;
    }

    /** Starts the broker and says so. */
    Broker open() {
        LogSetup.install(logFormat);
        Logger log = LoggerFactory.getLogger(LOGGER);
        SettingSources sources = options.read(file);
        if (!sources.unknownVariables().isEmpty()) {
            log.info("variables that name no setting: {}", String.join(", ", sources.unknownVariables()));
        }
        BrokerSettings settings = BrokerSettings.of(sources.values());
        String folders = settings.logDirs().stream()
                .map(folder -> Path.of(folder).toAbsolutePath().normalize().toString())
                .collect(Collectors.joining(","));
        log.info("starting: node={} dataFolders={}", settings.nodeId(), folders);
        if (clusterId != null) {
            new FolderFormat(settings.nodeId(), clusterId)
                    .format(settings.logDirs(), settings.metadataLogDir(), FolderFormat.Existing.LEAVE)
                    .forEach(log::info);
        }
        Broker broker = Broker.start(settings);
        log.info("ready: address={} elapsedMs={}", String.join(",", broker.addresses()), ProcessAge.ms());
        if (readyLine != null) {
            log.info(readyLine);
        }
        return broker;
    }

    private static void stop(Broker broker, Logger log, int exitCode) {
        log.info("stopping");
        broker.close();
        log.info("stopped");
        // A process that ended because it was told to has succeeded; the JVM alone would report the signal.
        Runtime.getRuntime().halt(exitCode);
    }
}
