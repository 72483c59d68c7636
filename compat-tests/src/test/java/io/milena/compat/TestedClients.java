package io.milena.compat;

import io.milena.compat.harness.ClientProcess;
import io.milena.compat.harness.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The clients that tests run, in the versions that the files name from which they are installed. */
final class TestedClients {
    private static final String HEAD = """

            ## Clients

            What the tests of `compat-tests` run against the broker, in these versions and no others. Those with a profile run where it is switched
            on (`mvn verify -Pclients,python,go,rust`).

            | client | version | what it is | profile | test |
            | --- | --- | --- | --- | --- |
            """;

    private final StringBuilder text = new StringBuilder(HEAD);

    private TestedClients() {}

    /** A section of {@code docs/compatibility.md}. */
    static String text() throws IOException {
        TestedClients clients = new TestedClients();
        clients.java();
        clients.others();
        return clients.text.toString();
    }

    private void java() throws IOException {
        String kafka = version(Folders.module().resolveSibling("pom.xml"), "<kafka.version>(.*?)</kafka.version>");
        String generations = String.join(", ", ClientProcess.GENERATIONS);
        row("kafka-clients", generations, "Java", "", ClientGenerationsIT.class, TransactionIT.class);
        row("Kafka's tools", kafka, "`kafka-topics` and the like", "", StockToolsIT.class, AdminToolsIT.class);
        row("Kafka Streams", kafka, "Java", "", StreamsIT.class);
        row("Kafka Connect", kafka, "Java, distributed workers", "", ConnectIT.class);
        row("MirrorMaker", kafka, "Java", "", MirrorMakerIT.class);
    }

    private void others() throws IOException {
        Path sources = Folders.module().resolve("src/test");
        String kafkaJs = version(sources.resolve("node/package.json"), "\"kafkajs\": \"(.*?)\"");
        String python = version(sources.resolve("python/requirements.txt"), "confluent-kafka==(\\S+)");
        String franz = version(sources.resolve("go/go.mod"), "github.com/twmb/franz-go v(\\S+)");
        Path cargo = sources.resolve("rust/Cargo.lock");
        String rust = version(cargo, "name = \"rdkafka\"\nversion = \"(.*?)\"");
        String rustsOwn = version(cargo, "name = \"rdkafka-sys\"\nversion = \".*?\\+(.*?)\"");
        row("kcat", "the system's", "C, with the system's librdkafka", "clients", KcatClientIT.class);
        row("kafkajs", kafkaJs, "Node", "clients", KafkaJsClientIT.class);
        row("confluent-kafka", python, "Python, with the librdkafka it brings", "python", PythonClientIT.class);
        row("franz-go", franz, "Go", "go", GoClientIT.class);
        row("rdkafka", rust, "Rust, with librdkafka " + rustsOwn, "rust", RustClientIT.class);
        row("Java, Python, Rust, Go and Node", "as above", "together in groups", "", ClientChurnIT.class);
    }

    private void row(String name, String version, String what, String profile, Class<?>... tests) {
        List<String> names = List.of(tests).stream()
                .map(test -> "`" + test.getSimpleName() + "`")
                .toList();
        String shown = profile.isEmpty() ? profile : "`" + profile + "`";
        text.append("| %s | %s | %s | %s | %s |\n".formatted(name, version, what, shown, String.join(", ", names)));
    }

    private static String version(Path file, String pattern) throws IOException {
        Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(file));
        if (!matcher.find()) {
            throw new IllegalStateException("no " + pattern + " in " + file);
        }
        return matcher.group(1);
    }
}
