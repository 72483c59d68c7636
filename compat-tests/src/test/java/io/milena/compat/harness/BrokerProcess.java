package io.milena.compat.harness;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** One broker on a free port with a data folder of its own. It keeps both when it is killed and started again. */
public final class BrokerProcess implements AutoCloseable {

    /** How long a broker may take until it answers Metadata, on a machine that does other things too. */
    private static final Duration READY_TIMEOUT = Duration.ofSeconds(90);

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);

    private final BrokerKind kind;
    private final Path folder;
    private final int port = Ports.free();
    private final int controllerPort = Ports.free();
    private final Map<String, String> settings;
    private final List<String> commandPrefix = new ArrayList<>();
    private @Nullable ChildProcess process;

    /**
     * A broker that is not started yet; {@code settings} are added to those every test broker has, or replace them. In them, {@code $data}
     * stands for the data folder.
     */
    public BrokerProcess(BrokerKind kind, Map<String, String> settings) {
        this.kind = kind;
        this.folder = Folders.fresh(kind.name().toLowerCase(Locale.ROOT));
        this.settings = new LinkedHashMap<>(common());
        settings.forEach((name, value) ->
                this.settings.put(name, value.replace("$data", dataFolder().toString())));
    }

    /** Lets it be started by another command, which gets its command line as arguments. */
    public BrokerProcess by(String... command) {
        commandPrefix.addAll(List.of(command));
        return this;
    }

    /** Lets it have that many file descriptors only; before it is started. */
    public BrokerProcess openFiles(int limit) {
        commandPrefix.addAll(List.of("bash", "-c", "ulimit -n " + limit + " && exec \"$@\"", "limited"));
        return this;
    }

    /** Starts it and waits until it answers Metadata with itself. */
    public BrokerProcess start() {
        if (kind == BrokerKind.KAFKA && !Files.exists(firstFolder().resolve("meta.properties"))) {
            format();
        }
        List<String> command = kind == BrokerKind.KAFKA
                ? JavaCommand.kafka("kafka.Kafka", propertiesFile().toString())
                : JavaCommand.milena("start", propertiesFile().toString());
        List<String> prefixed = new ArrayList<>(commandPrefix);
        prefixed.addAll(command);
        process = ChildProcess.start("broker", prefixed, folder, Redirect.from(new File("/dev/null")));
        awaitReady(process);
        return this;
    }

    /** SIGKILL, as {@code kill -9} or a lost machine would. */
    public void kill() {
        process().kill();
    }

    /** SIGTERM; returns the exit code. */
    public int terminate() {
        process().terminate();
        return process().awaitExit(STOP_TIMEOUT);
    }

    /** Which broker it is. */
    public BrokerKind kind() {
        return kind;
    }

    /** The address for clients. */
    public String bootstrap() {
        return "127.0.0.1:" + port;
    }

    /** The port for clients. */
    public int port() {
        return port;
    }

    /** The port for other controllers. */
    public int controllerPort() {
        return controllerPort;
    }

    /** The folder of its logs ({@code log.dirs}). */
    public Path dataFolder() {
        return folder.resolve("data");
    }

    private Path firstFolder() {
        return Path.of(settings.getOrDefault("log.dirs", "").split(",")[0]);
    }

    /** The running process. */
    public ChildProcess process() {
        if (process == null) {
            throw new IllegalStateException("the broker was not started");
        }
        return process;
    }

    /**
     * Creates a topic and returns its name once every partition is led. The reference names leaders before they take
     * records, and a producer that meets this may write its second batch before its first.
     */
    public String topic(String name, int partitions, Map<String, String> configs) {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            ends.put(new TopicPartition(name, partition), OffsetSpec.latest());
        }
        NewTopic topic = new NewTopic(name, partitions, (short) 1).configs(configs);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap()))) {
            admin.createTopics(List.of(topic)).all().get();
            Waiting.until("leaders of " + name, READY_TIMEOUT, () -> hasLeaders(admin, ends), ends::toString);
            return name;
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("topic " + name + " could not be created", e);
        }
    }

    private static boolean hasLeaders(Admin admin, Map<TopicPartition, OffsetSpec> ends) {
        try {
            admin.listOffsets(ends).all().get();
            return true;
        } catch (InterruptedException | ExecutionException e) {
            return false;
        }
    }

    /** Resident memory in bytes. */
    public long residentBytes() {
        try {
            return Files.readAllLines(Path.of("/proc/" + process().pid() + "/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The server.properties it runs with, written when asked for. */
    public Path propertiesFile() {
        Path file = folder.resolve("server.properties");
        String text = settings.entrySet().stream()
                .map(setting -> setting.getKey() + "=" + setting.getValue() + "\n")
                .collect(Collectors.joining());
        try {
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
        Folders.delete(dataFolder());
    }

    private Map<String, String> common() {
        Map<String, String> common = new LinkedHashMap<>();
        common.put("process.roles", "broker,controller");
        common.put("node.id", "1");
        common.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
        common.put("controller.listener.names", "CONTROLLER");
        common.put("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        common.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        common.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        common.put("inter.broker.listener.name", "PLAINTEXT");
        common.put("log.dirs", dataFolder().toString());
        common.put("offsets.topic.replication.factor", "1");
        common.put("offsets.topic.num.partitions", "3");
        common.put("transaction.state.log.replication.factor", "1");
        common.put("transaction.state.log.min.isr", "1");
        common.put("transaction.state.log.num.partitions", "3");
        common.put("share.coordinator.state.topic.replication.factor", "1");
        common.put("share.coordinator.state.topic.min.isr", "1");
        common.put("group.initial.rebalance.delay.ms", "0");
        return common;
    }

    /** Formats without the feature whose only visible effect is a stored default for min.insync.replicas. */
    private void format() {
        List<String> command = JavaCommand.kafka(
                "kafka.tools.StorageTool",
                "format",
                "-t",
                "TWlsZW5hQ29tcGF0VGVzdA",
                "--feature",
                "eligible.leader.replicas.version=0",
                "-c",
                propertiesFile().toString());
        try (ChildProcess format = ChildProcess.start("format", command, folder, Redirect.PIPE)) {
            if (format.awaitExit(READY_TIMEOUT) != 0) {
                throw new AssertionError("the storage could not be formatted\n" + format.tail());
            }
        }
    }

    private void awaitReady(ChildProcess started) {
        long deadline = System.nanoTime() + READY_TIMEOUT.toNanos();
        while (System.nanoTime() < deadline) {
            if (!started.alive()) {
                throw new AssertionError("the broker ended at start\n" + started.tail());
            }
            try (RawConnection connection = RawConnection.open(port)) {
                if (connection.metadata().brokers() > 0) {
                    return;
                }
            } catch (IOException notYet) {
                Waiting.pause(Duration.ofMillis(20));
            }
        }
        started.kill();
        throw new AssertionError("the broker did not answer within " + READY_TIMEOUT + "\n" + started.tail());
    }
}
