package io.milena.compat.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Two brokers with the same settings and the same history: the selected one and the reference. A tool runs against both at
 * once, and what it prints must be the same once ids, ports, times and folders are replaced by words.
 */
public final class Differential implements BeforeAllCallback, AfterAllCallback {

    private final BrokerProcess subject;
    private final BrokerProcess reference;

    private Differential(Map<String, String> settings) {
        subject = new BrokerProcess(BrokerKind.selected(), settings);
        reference = new BrokerProcess(BrokerKind.KAFKA, settings);
    }

    /** Two brokers with these settings besides those every test broker has. */
    public static Differential with(Map<String, String> settings) {
        return new Differential(settings);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        each(BrokerProcess::start);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        subject.close();
        reference.close();
    }

    /**
     * Runs a tool given as one line of words against both brokers. {@code $data} stands for the broker's data folder;
     * {@code --bootstrap-server} is added unless the line has it, with {@code $broker}, or has
     * {@code --files}.
     */
    public Outcome run(String line) {
        List<Transcript> both = each(broker -> Transcript.of(broker, tool(broker, line)));
        return new Outcome(line, both.get(0), both.get(1));
    }

    /** Does the same on both brokers at once and returns what each gave, the selected broker first. */
    public <T> List<T> each(Function<BrokerProcess, T> action) {
        CompletableFuture<T> other = CompletableFuture.supplyAsync(() -> action.apply(reference));
        T first = action.apply(subject);
        return List.of(first, other.join());
    }

    private static CommandResult tool(BrokerProcess broker, String line) {
        List<String> words = words(broker, line);
        return StockTool.of(words.remove(0)).run(null, words);
    }

    /** The words of a line, with the places of the broker. */
    static List<String> words(BrokerProcess broker, String line) {
        List<String> words = new ArrayList<>(
                List.of(line.replace("$data", broker.dataFolder().toString())
                        .replace("$broker", broker.bootstrap())
                        .replace("$controller", "127.0.0.1:" + broker.controllerPort())
                        .split(" ")));
        if (!words.contains("--files")
                && !words.contains("--bootstrap-server")
                && !words.contains("--bootstrap-controller")) {
            words.addAll(List.of("--bootstrap-server", broker.bootstrap()));
        }
        return words;
    }

    /** What a tool printed with each of the two brokers. */
    public record Outcome(String line, Transcript subject, Transcript reference) {

        /** Asserts that both are the same, whatever the order of the lines; returns what the tool printed. */
        public Transcript same() {
            assertThat(subject.toString()).as(line).isEqualTo(reference.toString());
            return subject;
        }

        /** The same outcome with only those lines that contain a text. */
        public Outcome containing(String text) {
            return new Outcome(line, subject.containing(text), reference.containing(text));
        }

        /** The same outcome with every match replaced. */
        public Outcome replacing(String pattern, String replacement) {
            return new Outcome(
                    line, subject.replacing(pattern, replacement), reference.replacing(pattern, replacement));
        }
    }
}
