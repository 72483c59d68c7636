package io.milena.compat.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Two brokers with the same settings and the same history: the selected one and the reference. A tool runs against both at
 * once, and what it prints must be the same once ids, ports, times and folders are replaced by words.
 */
public final class Differential implements BeforeAllCallback, AfterAllCallback {

    static final Duration SOON = Duration.ofSeconds(30);

    private static final Duration STEP = Duration.ofMillis(100);

    private final BrokerProcess subject;
    private final BrokerProcess reference;
    private final ToolSessions tools = new ToolSessions();
    private Agreements agreements = new Agreements();

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
        agreements = Agreements.of(context);
        each(BrokerProcess::start);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        tools.close();
        subject.close();
        reference.close();
    }

    /**
     * Runs a tool given as one line of words against both brokers. {@code $data} stands for the broker's data folder;
     * {@code --bootstrap-server} is added unless the line has it, with {@code $broker}, or has
     * {@code --files}. All tools for one broker share a JVM.
     */
    public Outcome run(String line) {
        return outcome(line, each(broker -> tools.run(broker, words(broker, line))));
    }

    /**
     * Runs a tool that only shows something until it prints the same with both, and asserts that it does: the reference shows a change a
     * little after it has answered.
     */
    public Transcript sameSoon(String line, UnaryOperator<Outcome> view) {
        long deadline = System.nanoTime() + SOON.toNanos();
        Outcome outcome = view.apply(run(line));
        while (!outcome.subject.equals(outcome.reference) && System.nanoTime() < deadline) {
            Waiting.pause(STEP);
            outcome = view.apply(run(line));
        }
        return outcome.same();
    }

    /** The same of all that is printed. */
    public Transcript sameSoon(String line) {
        return sameSoon(line, UnaryOperator.identity());
    }

    /** Does the same in a JVM of the tool's own, for tools that print something when their JVM ends. */
    public Outcome runAlone(String line) {
        return outcome(line, each(broker -> Transcript.of(broker, tool(broker, line))));
    }

    private Outcome outcome(String line, List<Transcript> both) {
        return new Outcome(line, both.get(0), both.get(1), agreements);
    }

    /** Counts a comparison of what the two brokers answered to a request or a call. */
    boolean compared(Agreements.Kind kind, boolean same) {
        return agreements.compared(kind, same);
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
    public record Outcome(String line, Transcript subject, Transcript reference, Agreements agreements) {

        /** Asserts that both are the same, whatever the order of the lines; returns what the tool printed. */
        public Transcript same() {
            agreements.compared(Agreements.Kind.TOOL, subject.equals(reference));
            assertThat(subject.toString()).as(line).isEqualTo(reference.toString());
            return subject;
        }

        /** The same outcome with only those lines that contain a text. */
        public Outcome containing(String text) {
            return new Outcome(line, subject.containing(text), reference.containing(text), agreements);
        }

        /** The same outcome with every match replaced. */
        public Outcome replacing(String pattern, String replacement) {
            return new Outcome(
                    line,
                    subject.replacing(pattern, replacement),
                    reference.replacing(pattern, replacement),
                    agreements);
        }
    }
}
