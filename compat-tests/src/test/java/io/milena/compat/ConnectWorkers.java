package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.ChildProcess;
import io.milena.compat.harness.Folders;
import io.milena.compat.harness.JavaCommand;
import io.milena.compat.harness.Ports;
import io.milena.compat.harness.RunningBroker;
import io.milena.compat.harness.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Distributed workers of Kafka Connect with exactly-once sources, and two connectors: from a file into a topic, and from there into a file. */
final class ConnectWorkers implements AutoCloseable {

    /** Where the lines go through. */
    static final String TOPIC = "copied-lines";

    private static final Duration TIMEOUT = Duration.ofSeconds(100);
    private static final int CREATED = 201;
    private static final int CONFLICT = 409;

    private final RunningBroker broker;
    private final Random random;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Path folder = Folders.fresh("connect");
    private final List<Integer> ports = new ArrayList<>();
    private final List<ChildProcess> processes = new ArrayList<>();

    /** Nothing runs yet. */
    ConnectWorkers(RunningBroker broker, int count, long seed) {
        this.broker = broker;
        this.random = new Random(seed);
        for (int i = 0; i < count; i++) {
            ports.add(Ports.free());
        }
    }

    /** The file the lines come from. */
    Path source() {
        return folder.resolve("from.txt");
    }

    /** The file the lines are written to. */
    Path sink() {
        return folder.resolve("to.txt");
    }

    /** Starts workers and connectors. */
    void start() {
        for (int i = 0; i < ports.size(); i++) {
            processes.add(worker(i));
        }
        HttpRequest request = HttpRequest.newBuilder(uri()).GET().build();
        Waiting.until("the workers", TIMEOUT, () -> status(request) == 200, this::toString);
        connector("source", "'connector.class':'FileStreamSource','exactly.once.support':'required','topic'", source());
        connector("sink", "'connector.class':'FileStreamSink','topics'", sink());
    }

    /** SIGKILL for one of them; another process takes its place. */
    void killOne() {
        int worker = random.nextInt(processes.size());
        processes.get(worker).kill();
        processes.set(worker, worker(worker));
    }

    /** Fails when one has ended by itself. */
    void check() {
        processes.forEach(worker -> assertThat(worker.alive()).as(worker::tail).isTrue());
    }

    @Override
    public void close() {
        processes.forEach(ChildProcess::close);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        processes.forEach(worker -> text.append(worker.tail()).append('\n'));
        return text.toString();
    }

    private ChildProcess worker(int number) {
        Path settings = folder.resolve("worker-" + number + ".properties");
        try {
            Files.write(settings, settings(ports.get(number)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String classPath = Folders.kafkaJars() + "/*:" + Folders.target().resolve("clients/connect") + "/*";
        List<String> command = JavaCommand.program(
                classPath, "org.apache.kafka.connect.cli.ConnectDistributed", List.of(settings.toString()));
        return ChildProcess.start("worker-" + number, command, Folders.fresh("worker"), Redirect.PIPE);
    }

    private List<String> settings(int port) {
        return List.of(
                "bootstrap.servers=" + broker.bootstrap(),
                "group.id=workers",
                "listeners=http://127.0.0.1:" + port,
                "key.converter=org.apache.kafka.connect.storage.StringConverter",
                "value.converter=org.apache.kafka.connect.storage.StringConverter",
                "config.storage.topic=configs",
                "offset.storage.topic=offsets",
                "status.storage.topic=status",
                "config.storage.replication.factor=1",
                "offset.storage.replication.factor=1",
                "status.storage.replication.factor=1",
                "offset.storage.partitions=2",
                "status.storage.partitions=2",
                "offset.flush.interval.ms=500",
                "exactly.once.source.support=enabled",
                "producer.transaction.timeout.ms=5000", // a worker starts when what was open in the topic of offsets
                // has ended
                "scheduled.rebalance.max.delay.ms=0",
                "session.timeout.ms=6000",
                "heartbeat.interval.ms=500",
                "consumer.session.timeout.ms=6000",
                "consumer.heartbeat.interval.ms=500");
    }

    private void connector(String name, String settings, Path file) {
        String json = "{'name':'%s','config':{%s:'%s','file':'%s'}}"
                .formatted(name, settings, TOPIC, file)
                .replace('\'', '"');
        HttpRequest request = HttpRequest.newBuilder(uri())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build();
        Waiting.until(
                "connector " + name, TIMEOUT, () -> List.of(CREATED, CONFLICT).contains(status(request)), () -> json);
    }

    private URI uri() {
        return URI.create("http://127.0.0.1:" + ports.get(0) + "/connectors");
    }

    private int status(HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofString()).statusCode();
        } catch (IOException notYet) {
            return -1;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
