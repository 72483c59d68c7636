package io.milena.compat.harness;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The clients that have a program which is a member of a group, see {@code ChurnMember}. */
public enum ClientLanguage {
    /** The stock client, newest generation. */
    JAVA,
    /** confluent-kafka: the newest librdkafka. */
    PYTHON,
    /** rdkafka: a librdkafka built from its source. */
    RUST,
    /** franz-go. */
    GO,
    /** kafkajs, which knows the classic protocol only. */
    NODE;

    /** Those that this build has made ready; Java always is. */
    public static List<ClientLanguage> available() {
        return Arrays.stream(values())
                .filter(each -> each == JAVA || Files.exists(each.needed()))
                .toList();
    }

    /** Whether it knows the consumer protocol (KIP-848). */
    public boolean hasConsumerProtocol() {
        return this != NODE;
    }

    /** Starts a member of a group. */
    public ClientProcess member(List<String> arguments) {
        if (this == JAVA) {
            return ClientProcess.start("4.3.1", "ChurnMember", arguments);
        }
        List<String> command = new ArrayList<>(program());
        if (this == GO || this == RUST) {
            command.add(arguments.get(0));
            command.add("member");
            command.addAll(arguments.subList(1, arguments.size()));
        } else {
            command.addAll(arguments);
        }
        return ClientProcess.of(name().toLowerCase(Locale.ROOT), command);
    }

    private List<String> program() {
        Path sources = Folders.module().resolve("src/test");
        return switch (this) {
            case PYTHON ->
                List.of(needed().toString(), sources.resolve("python/member.py").toString());
            case NODE -> List.of("node", sources.resolve("node/member.js").toString());
            default -> List.of(needed().toString());
        };
    }

    /** What its profile makes. */
    private Path needed() {
        return switch (this) {
            case JAVA -> Folders.target().resolve("clients");
            case PYTHON -> Folders.target().resolve("python/bin/python");
            case RUST -> Folders.module().resolve("src/test/rust/target/debug/milena-compat-client");
            case GO -> Folders.target().resolve("go-client");
            case NODE -> Folders.module().resolve("src/test/node/node_modules/kafkajs");
        };
    }
}
