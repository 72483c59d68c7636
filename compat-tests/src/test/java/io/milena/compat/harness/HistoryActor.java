package io.milena.compat.harness;

import io.milena.compat.history.History;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;

/** A client that writes down its history, in one process after another: it can be killed, held up, replaced and started again. */
public final class HistoryActor implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(120);

    private final String name;
    private final Function<List<String>, ClientProcess> program;
    private final String bootstrap;
    private final List<String> arguments;
    private final SplittableRandom random;
    private final List<ClientProcess> processes = new ArrayList<>();

    /** An actor that is not started yet. Its program gets the broker, the name of the process, a seed, and the arguments. */
    public HistoryActor(
            String name, String generation, String program, RunningBroker broker, List<String> arguments, long seed) {
        this(name, all -> ClientProcess.start(generation, program, all), broker, arguments, seed);
    }

    /** An actor whose program is anything that can be started with arguments. */
    public HistoryActor(
            String name,
            Function<List<String>, ClientProcess> program,
            RunningBroker broker,
            List<String> arguments,
            long seed) {
        this.name = name;
        this.program = program;
        this.bootstrap = broker.bootstrap();
        this.arguments = arguments;
        this.random = new SplittableRandom(seed);
    }

    /** Starts another process; those before it go on, if they can. */
    public void start() {
        List<String> all = new ArrayList<>();
        all.add(bootstrap);
        all.add(name + "." + processes.size());
        all.add(Long.toString(random.nextLong()));
        all.addAll(arguments);
        processes.add(program.apply(all));
    }

    /** Starts another process if the newest has ended. */
    public void startIfEnded() {
        if (!newest().alive()) {
            start();
        }
    }

    /** The newest process. */
    public ChildProcess newest() {
        return processes.get(processes.size() - 1).process();
    }

    /** Writes a line to the newest process. */
    public void tell(String line) {
        processes.get(processes.size() - 1).tell(line + "\n");
    }

    /** What the newest process is called in the history. */
    public String newestName() {
        return name + "." + (processes.size() - 1);
    }

    /** Tells all processes to end and waits until they have; fails with their output when they do not. */
    public void finish() {
        List<ClientProcess> alive =
                processes.stream().filter(each -> each.process().alive()).toList();
        for (ClientProcess each : alive) {
            if (each.process().alive()) {
                each.tell("x\n");
            }
        }
        alive.forEach(each -> each.process().awaitExit(TIMEOUT));
    }

    /** Adds what all its processes wrote. */
    public void addTo(History history) {
        for (int i = 0; i < processes.size(); i++) {
            history.add(name + "." + i, processes.get(i).lines());
        }
    }

    /** How much all its processes have written. */
    public long bytes() {
        return processes.stream()
                .mapToLong(each -> each.process().stdoutFile().toFile().length())
                .sum();
    }

    /** How many processes there were. */
    public int starts() {
        return processes.size();
    }

    @Override
    public void close() {
        processes.forEach(ClientProcess::close);
    }

    @Override
    public String toString() {
        return name + " (" + processes.size() + " starts) " + newest().tail();
    }
}
