package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.BrokerKind;
import io.milena.compat.harness.BrokerProcess;
import io.milena.compat.harness.ChildProcess;
import io.milena.compat.harness.CommandResult;
import io.milena.compat.harness.Folders;
import io.milena.compat.harness.JavaCommand;
import io.milena.compat.harness.Ports;
import io.milena.compat.harness.RawConnection;
import io.milena.compat.harness.Waiting;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Milena's command line: how it starts, what it says when it cannot, and how it stops. The reference has no part in this. */
class StartupIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final String READY = "(?s).*\\bready\\b.*";

    @Test
    void shouldStartWithoutPropertiesAndSayWhenItIsReady() {
        int port = Ports.free();
        Path folder = Folders.fresh("bare");
        try (ChildProcess broker = start(
                folder, "start", "--set", "listeners=PLAINTEXT://127.0.0.1:" + port, "--set", "log.dirs=" + folder)) {
            awaitReady(broker);
            assertThat(output(broker)).contains(Integer.toString(port));
            assertThat(brokers(port)).isEqualTo(1);
            broker.terminate();
            assertThat(broker.awaitExit(TIMEOUT)).isIn(0, 143);
        }
    }

    @Test
    void shouldStartWithPropertiesFileThatTheReferenceShips() throws IOException {
        int port = Ports.free();
        Path folder = Folders.fresh("shipped");
        Path file = Files.writeString(folder.resolve("server.properties"), shippedProperties(port, folder));
        try (ChildProcess broker = start(folder, "start", file.toString())) {
            awaitReady(broker);
            assertThat(brokers(port)).isEqualTo(1);
            assertThat(output(broker)).doesNotContain("not known", "ignored", "ERROR");
        }
    }

    @Test
    void shouldReportUnknownNames() {
        try (BrokerProcess broker = milena(Map.of("no.such.setting", "1", "log.retention.horas", "2"))) {
            broker.start();
            assertThat(output(broker.process())).contains("no.such.setting", "log.retention.horas");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "num.partitions, many, whole number",
        "num.partitions, 0, 1",
        "log.message.timestamp.type, Yesterday, LogAppendTime",
        "log.cleanup.policy, burn, compact",
        "compression.type, rar, zstd",
        "auto.create.topics.enable, perhaps, true",
        "socket.request.max.bytes, -1, 1",
        "listeners, nowhere, listeners"
    })
    void shouldRefuseValueAndSayWhatIsAllowed(String name, String value, String allowed) {
        try (BrokerProcess broker = milena(Map.of(name, value))) {
            CommandResult result = run(
                    Folders.fresh("refused"), "start", broker.propertiesFile().toString());
            assertThat(result.exit()).isNotZero();
            assertThat(complaint(result)).contains(name, value).containsIgnoringCase(allowed);
        }
    }

    @Test
    void shouldRefuseMissingPropertiesFile() {
        CommandResult result = run(Folders.fresh("missing"), "start", "absent.properties");
        assertThat(result.exit()).isNotZero();
        assertThat(complaint(result)).contains("absent.properties");
    }

    @Test
    void shouldRefuseSecondBrokerOnSameFolder() {
        try (BrokerProcess first = milena(Map.of());
                BrokerProcess second =
                        milena(Map.of("log.dirs", first.dataFolder().toString()))) {
            first.start();
            CommandResult result = run(
                    Folders.fresh("second"), "start", second.propertiesFile().toString());
            assertThat(result.exit()).isNotZero();
            assertThat(complaint(result)).contains(first.dataFolder().toString());
            assertThat(brokers(first.port())).isEqualTo(1);
        }
    }

    @Test
    void shouldRefuseSecondBrokerOnSamePort() {
        try (BrokerProcess first = milena(Map.of())) {
            first.start();
            String address = "PLAINTEXT://" + first.bootstrap();
            try (BrokerProcess second = milena(Map.of("listeners", address, "advertised.listeners", address))) {
                CommandResult result = run(
                        Folders.fresh("port"), "start", second.propertiesFile().toString());
                assertThat(result.exit()).isNotZero();
                assertThat(complaint(result)).contains(Integer.toString(first.port()));
            }
            assertThat(brokers(first.port())).isEqualTo(1);
        }
    }

    @Test
    void shouldStopInOrderOnTerminateAndStartAgain() {
        try (BrokerProcess broker = milena(Map.of())) {
            broker.start();
            assertThat(broker.terminate()).isIn(0, 143);
            assertThat(output(broker.process())).doesNotContain("ERROR", "Exception");
            broker.start();
            assertThat(brokers(broker.port())).isEqualTo(1);
            assertThat(broker.terminate()).isIn(0, 143);
        }
    }

    @Test
    void shouldExplainItself() {
        assertThat(run(Folders.fresh("help"), "--help").succeeded().stdout()).contains("start");
        assertThat(run(Folders.fresh("version"), "--version").succeeded().stdout())
                .isNotBlank();
        assertThat(run(Folders.fresh("unknown"), "stroll").exit()).isNotZero();
    }

    private static BrokerProcess milena(Map<String, String> settings) {
        return new BrokerProcess(BrokerKind.MILENA, settings);
    }

    private static ChildProcess start(Path folder, String... arguments) {
        return ChildProcess.start("milena", JavaCommand.milena(arguments), folder, Redirect.PIPE);
    }

    private static CommandResult run(Path folder, String... arguments) {
        try (ChildProcess process = start(folder, arguments)) {
            int exit = process.awaitExit(TIMEOUT);
            return new CommandResult("milena", exit, process.stdoutFile(), process.stderr());
        }
    }

    private static void awaitReady(ChildProcess broker) {
        Waiting.until("the ready line", TIMEOUT, () -> output(broker).matches(READY) || !broker.alive(), broker::tail);
        assertThat(broker.alive()).as(broker::tail).isTrue();
    }

    private static int brokers(int port) {
        try (RawConnection connection = RawConnection.open(port)) {
            return connection.metadata().brokers();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String output(ChildProcess process) {
        return process.stdout() + process.stderr();
    }

    /** What a refused start printed: one line, and never a stack trace. */
    private static String complaint(CommandResult result) {
        String text = result.stdout() + result.stderr();
        assertThat(text).doesNotContain("\tat ", "Exception in thread");
        assertThat(text.lines().filter(line -> line.contains("ERROR") || !line.contains("INFO")))
                .as(text)
                .hasSize(1);
        return text;
    }

    /** The settings of the file that the reference's archive has in its config folder, with other ports and another folder. */
    private static String shippedProperties(int port, Path folder) {
        int controllerPort = Ports.free();
        return String.join(
                "\n",
                "process.roles=broker,controller",
                "node.id=1",
                "controller.quorum.bootstrap.servers=localhost:" + controllerPort,
                "listeners=PLAINTEXT://:" + port + ",CONTROLLER://:" + controllerPort,
                "inter.broker.listener.name=PLAINTEXT",
                "advertised.listeners=PLAINTEXT://localhost:" + port + ",CONTROLLER://localhost:" + controllerPort,
                "controller.listener.names=CONTROLLER",
                "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL,"
                        + "SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL",
                "num.network.threads=3",
                "num.io.threads=8",
                "socket.send.buffer.bytes=102400",
                "socket.receive.buffer.bytes=102400",
                "socket.request.max.bytes=104857600",
                "log.dirs=" + folder.resolve("kraft-combined-logs"),
                "num.partitions=1",
                "num.recovery.threads.per.data.dir=2",
                "offsets.topic.replication.factor=1",
                "share.coordinator.state.topic.replication.factor=1",
                "share.coordinator.state.topic.min.isr=1",
                "transaction.state.log.replication.factor=1",
                "transaction.state.log.min.isr=1",
                "#log.flush.interval.messages=10000",
                "log.retention.hours=168",
                "#log.retention.bytes=1073741824",
                "log.segment.bytes=1073741824",
                "log.retention.check.interval.ms=300000",
                "");
    }
}
