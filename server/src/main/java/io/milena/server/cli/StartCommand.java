package io.milena.server.cli;

import io.milena.server.Broker;
import io.milena.server.config.BrokerSettings;
import io.milena.server.config.InvalidSettingException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code milena start}: runs a broker until the process is told to end, which it then does in order, with exit code 0; or until
 * its data folders failed. */
@Command(name = "start", description = "Start a broker and run until SIGTERM.", mixinStandardHelpOptions = true)
final class StartCommand implements Callable<Integer> {
    private static final int STOPPED = 0;
    private static final int FAILED = 1;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "server.properties",
            description = "Settings with Kafka's names; defaults for all that is not in it.")
    private @Nullable Path file;

    @Option(
            names = {"--set", "--override"},
            paramLabel = "name=value",
            description = "A setting that replaces the file's; may be repeated.")
    private Map<String, String> overrides = new LinkedHashMap<>();

    @Option(
            names = "--log-format",
            paramLabel = "text|json",
            description =
                    "How the log is written to the terminal: text for people, json for programs, one line an event.")
    private LogFormat logFormat = LogFormat.TEXT;

    @Override
    public Integer call() {
        LogSetup.install(logFormat);
        Logger log = LoggerFactory.getLogger("milena");
        BrokerSettings settings = BrokerSettings.of(settings());
        String folders = settings.logDirs().stream()
                .map(folder -> Path.of(folder).toAbsolutePath().normalize().toString())
                .collect(Collectors.joining(","));
        log.info("starting: node={} dataFolders={}", settings.nodeId(), folders);
        Broker broker = Broker.start(settings);
        log.info(
                "ready: address={} elapsedMs={}",
                String.join(",", broker.addresses()),
                sinceProcessStart().toMillis());
        Thread hook = new Thread(() -> stop(broker, log, STOPPED), "milena-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        broker.lost().toCompletableFuture().join();
        stop(broker, log, FAILED);
        return FAILED;
    }

    private static void stop(Broker broker, Logger log, int exitCode) {
        log.info("stopping");
        broker.close();
        log.info("stopped");
        // A process that ended because it was told to has succeeded; the JVM alone would report the signal.
        Runtime.getRuntime().halt(exitCode);
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        Properties properties = new Properties();
        if (file != null) {
            try (InputStream stream = Files.newInputStream(file)) {
                properties.load(stream);
            } catch (NoSuchFileException e) {
                throw new InvalidSettingException("there is no file " + file);
            } catch (IOException | IllegalArgumentException e) {
                throw new InvalidSettingException("cannot read " + file + ": " + e.getMessage());
            }
        }
        properties.stringPropertyNames().forEach(name -> settings.put(name, properties.getProperty(name)));
        settings.putAll(overrides);
        return settings;
    }

    private static Duration sinceProcessStart() {
        Instant now = Instant.now();
        return Duration.between(ProcessHandle.current().info().startInstant().orElse(now), now);
    }
}
