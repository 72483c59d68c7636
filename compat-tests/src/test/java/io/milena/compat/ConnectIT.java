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
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A distributed worker of Kafka Connect, with exactly-once sources, copies a file through a topic while the broker and the worker are killed. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ConnectIT {

    @RegisterExtension
    static final RunningBroker BROKER = RunningBroker.with();

    private static final Duration TIMEOUT = Duration.ofSeconds(100);
    private static final int LINES = 50;

    private final int port = Ports.free();
    private final Path folder = Folders.fresh("connect");
    private final Path from = folder.resolve("from.txt");
    private final Path to = folder.resolve("to.txt");
    private final List<String> lines = new ArrayList<>();

    @Test
    void shouldCopyEveryLine() throws Exception {
        write();
        try (ChildProcess worker = worker()) {
            awaitWorker(worker);
            connector("source", "FileStreamSource", "topic", from);
            connector("sink", "FileStreamSink", "topics", to);
            awaitLines(worker);
            BROKER.process().kill();
            write();
            BROKER.process().start();
            awaitLines(worker);
            worker.kill();
        }
        write();
        try (ChildProcess worker = worker()) {
            awaitLines(worker);
        }
    }

    private void write() throws IOException {
        List<String> added = new ArrayList<>();
        for (int i = 0; i < LINES; i++) {
            added.add("line-" + (lines.size() + i));
        }
        lines.addAll(added);
        Files.write(from, added, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private ChildProcess worker() throws IOException {
        Path settings = folder.resolve("worker.properties");
        Files.write(
                settings,
                List.of(
                        "bootstrap.servers=" + BROKER.bootstrap(),
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
                        "scheduled.rebalance.max.delay.ms=0",
                        "session.timeout.ms=6000",
                        "heartbeat.interval.ms=500",
                        "consumer.session.timeout.ms=6000",
                        "consumer.heartbeat.interval.ms=500"));
        String classPath = Folders.kafkaJars() + "/*:" + Folders.target().resolve("clients/connect") + "/*";
        List<String> command = JavaCommand.program(
                classPath, "org.apache.kafka.connect.cli.ConnectDistributed", List.of(settings.toString()));
        return ChildProcess.start("worker", command, Folders.fresh("worker"), Redirect.PIPE);
    }

    private void awaitWorker(ChildProcess worker) {
        HttpRequest request = HttpRequest.newBuilder(uri()).GET().build();
        Waiting.until("the worker", TIMEOUT, () -> status(request) == 200, worker::tail);
    }

    private void connector(String name, String type, String topics, Path file) {
        String json = "{'name':'%s','config':{'connector.class':'%s','%s':'copied-lines','file':'%s'}}"
                .formatted(name, type, topics, file)
                .replace('\'', '"');
        HttpRequest request = HttpRequest.newBuilder(uri())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build();
        Waiting.until("connector " + name, TIMEOUT, () -> List.of(201, 409).contains(status(request)), () -> json);
    }

    private URI uri() {
        return URI.create("http://127.0.0.1:" + port + "/connectors");
    }

    private static int status(HttpRequest request) {
        try {
            return HttpClient.newHttpClient()
                    .send(request, BodyHandlers.ofString())
                    .statusCode();
        } catch (IOException notYet) {
            return -1;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The sink may write a line again after a kill, but each stands first where the source has it. */
    private void awaitLines(ChildProcess worker) {
        Waiting.until(
                lines.size() + " lines",
                TIMEOUT,
                () -> !worker.alive() || written().containsAll(lines),
                () -> written() + "\n" + worker.tail());
        assertThat(worker.alive()).as(worker.tail()).isTrue();
        assertThat(written().stream().distinct()).containsExactlyElementsOf(lines);
    }

    private List<String> written() {
        try {
            return Files.exists(to) ? Files.readAllLines(to) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
