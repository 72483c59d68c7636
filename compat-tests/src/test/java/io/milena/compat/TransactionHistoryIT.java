package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.ChildProcess;
import io.milena.compat.harness.ClientProcess;
import io.milena.compat.harness.HistoryActor;
import io.milena.compat.harness.HistoryEnd;
import io.milena.compat.harness.RunningBroker;
import io.milena.compat.harness.Waiting;
import io.milena.compat.history.Event;
import io.milena.compat.history.History;
import io.milena.compat.history.HistoryCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Transactional producers, groups of both protocols that copy what they commit, and readers, while the broker and all of them are killed or held
 * up beyond the timeout of their transactions: no record is lost, doubled, moved, or seen without the rest of its transaction.
 * {@code -Dkills=200} for the long run, {@code -Dseed=} for the same choices again; librdkafka and franz-go take part when the
 * profiles {@code python} and {@code go} are on.
 */
class TransactionHistoryIT {

    @RegisterExtension
    static final RunningBroker BROKER = RunningBroker.with(
            "transaction.abort.timed.out.transaction.cleanup.interval.ms", "500",
            "group.consumer.min.session.timeout.ms", "1000",
            "group.consumer.session.timeout.ms", "6000",
            "group.consumer.min.heartbeat.interval.ms", "500",
            "group.consumer.heartbeat.interval.ms", "1000");

    /** What happens to a broker or a client. */
    private enum Fault {
        BROKER_KILLED,
        PRODUCER_KILLED,
        PRODUCER_HELD_UP,
        COPIER_KILLED,
        COPIER_HELD_UP,
        READER_KILLED
    }

    /** Something that ends a fault, when it is due. */
    private record Later(long dueNanos, Runnable action) {}

    private static final int FAULTS = Math.max(Integer.getInteger("kills", 5), Fault.values().length);
    private static final int MOST_STARTS = 20 + 2 * FAULTS;
    /** The clients that are not Java's and whose profile is on. */
    private static final List<String> FOREIGN = Stream.of(ClientProcess.LIBRDKAFKA, ClientProcess.FRANZ_GO)
            .filter(Boolean::getBoolean)
            .toList();

    private static final int PARTITIONS = 3 + FOREIGN.size();
    private static final int TRANSACTION_TIMEOUT_MS = 4_000;
    private static final int LONGEST_HOLD_MS = 7_000;
    /** So much history is more than what a client writes before it has reached the broker. */
    private static final int WORK_BYTES = 1_000;

    private static final Duration TIMEOUT = Duration.ofSeconds(120);
    private static final String INPUTS = "inputs";
    private static final String OUTPUTS = "outputs";
    private static final String CLASSIC_GROUP = "classic-copiers";
    private static final String CONSUMER_GROUP = "consumer-copiers";

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final List<HistoryActor> producers = new ArrayList<>();
    private final List<HistoryActor> copiers = new ArrayList<>();
    private final List<HistoryActor> readers = new ArrayList<>();
    private final List<Later> later = new ArrayList<>();
    private final Set<HistoryActor> absent = new HashSet<>();
    private final Map<Fault, Integer> done = new EnumMap<>(Fault.class);

    @AfterEach
    void stop() {
        all().forEach(HistoryActor::close);
    }

    @Test
    @Timeout(value = 120, unit = TimeUnit.MINUTES)
    void shouldKeepTransactionsWholeWhateverIsKilled() {
        BROKER.topic(INPUTS, PARTITIONS);
        BROKER.topic(OUTPUTS, PARTITIONS);
        startAll();
        List<Fault> faults = new ArrayList<>();
        for (int i = 0; i < FAULTS; i++) {
            if (faults.isEmpty()) {
                faults.addAll(List.of(Fault.values()));
                Collections.shuffle(faults, random);
            }
            Fault fault = faults.remove(0);
            work();
            tend(random.nextInt(1_500));
            cause(fault);
            done.merge(fault, 1, Integer::sum);
        }
        tend(LONGEST_HOLD_MS);
        check(end());
    }

    /** Waits until the clients have done something after the fault before. */
    private void work() {
        long before = written();
        Waiting.until(
                "work after " + done,
                TIMEOUT,
                () -> {
                    tend(0);
                    return written() > before + WORK_BYTES;
                },
                () -> all().toList());
    }

    private long written() {
        return all().mapToLong(HistoryActor::bytes).sum();
    }

    /** What the clients wrote, and what is there when all is settled. */
    private History end() {
        HistoryEnd end = new HistoryEnd(BROKER, PARTITIONS);
        absent.addAll(producers);
        producers.forEach(HistoryActor::finish);
        end.awaitDecided(INPUTS);
        for (String group : List.of(CLASSIC_GROUP, CONSUMER_GROUP)) {
            end.awaitCopied(group, INPUTS, () -> tend(0), copiers::toString);
        }
        copiers.forEach(HistoryActor::finish);
        end.awaitDecided(OUTPUTS);
        readers.forEach(HistoryActor::finish);
        History history = new History();
        all().forEach(actor -> actor.addTo(history));
        history.add("end", end.read(List.of(INPUTS, OUTPUTS), List.of(CLASSIC_GROUP, CONSUMER_GROUP)));
        return history;
    }

    private void check(History history) {
        String run = "seed " + seed + ", " + done + ", starts "
                + all().mapToInt(HistoryActor::starts).sum();
        StringBuilder counts = new StringBuilder();
        for (Event.Kind kind : Event.Kind.values()) {
            counts.append(' ').append(kind).append('=').append(history.count(kind));
        }
        System.out.println("transactions: " + run + counts);
        assertThat(HistoryCheck.anomalies(history)).as(run + counts).isEmpty();
        assertThat(history.count(Event.Kind.COMMITTED)).as(run + counts).isGreaterThan(FAULTS);
    }

    private void startAll() {
        for (String generation : List.of("4.3.1", "3.9.1")) {
            producers.add(producer(generation));
        }
        for (String generation : List.of("4.3.1", "2.8.2")) {
            copiers.add(classicCopier(generation));
        }
        copiers.add(consumerCopier("4.3.1"));
        readers.add(reader("4.3.1"));
        FOREIGN.forEach(this::addForeign);
        all().forEach(HistoryActor::start);
        all().forEach(actor ->
                Waiting.until("a word of each", TIMEOUT, () -> actor.bytes() > WORK_BYTES, actor::toString));
    }

    /** Members of the same groups as Java's, and a producer without transactions, which Java's tests have elsewhere. */
    private void addForeign(String client) {
        producers.add(producer(client));
        List<String> plain = List.of(INPUTS, Integer.toString(PARTITIONS));
        producers.add(actor("writer-" + client, client, "HistoryWriter", plain));
        copiers.add(classicCopier(client));
        copiers.add(consumerCopier(client));
        readers.add(reader(client));
    }

    private HistoryActor producer(String generation) {
        String name = "producer-" + generation;
        List<String> arguments =
                List.of(name, Integer.toString(TRANSACTION_TIMEOUT_MS), INPUTS, Integer.toString(PARTITIONS));
        return actor(name, generation, "HistoryProducer", arguments);
    }

    private HistoryActor reader(String generation) {
        List<String> arguments = List.of(Integer.toString(PARTITIONS), INPUTS, OUTPUTS);
        return actor("reader-" + generation, generation, "HistoryReader", arguments);
    }

    private HistoryActor classicCopier(String generation) {
        return copier(generation, CLASSIC_GROUP, "session.timeout.ms=6000", "heartbeat.interval.ms=1000");
    }

    private HistoryActor consumerCopier(String generation) {
        return copier(generation, CONSUMER_GROUP, "group.protocol=consumer");
    }

    private HistoryActor copier(String generation, String group, String... settings) {
        String name = group + "-" + generation;
        List<String> arguments = new ArrayList<>(List.of(name, Integer.toString(TRANSACTION_TIMEOUT_MS)));
        arguments.addAll(List.of(INPUTS, OUTPUTS, Integer.toString(PARTITIONS), group));
        arguments.addAll(List.of(settings));
        arguments.add("max.poll.interval.ms=15000"); // for so long a member may hold up the others of a classic group
        return actor(name, generation, "HistoryCopier", arguments);
    }

    private HistoryActor actor(String name, String generation, String program, List<String> arguments) {
        return new HistoryActor(name, generation, program, BROKER, arguments, random.nextLong());
    }

    private Stream<HistoryActor> all() {
        return Stream.of(producers, copiers, readers).flatMap(List::stream);
    }

    private void cause(Fault fault) {
        switch (fault) {
            case BROKER_KILLED -> {
                BROKER.process().kill();
                BROKER.process().start();
            }
            case PRODUCER_KILLED -> kill(any(producers));
            case COPIER_KILLED -> kill(any(copiers));
            case READER_KILLED -> kill(any(readers));
            case PRODUCER_HELD_UP -> holdUp(any(producers));
            case COPIER_HELD_UP -> holdUp(any(copiers));
        }
    }

    private HistoryActor any(List<HistoryActor> actors) {
        return actors.get(random.nextInt(actors.size()));
    }

    /** The successor comes at once, when it must end the transaction it finds, or too late for that. */
    private void kill(HistoryActor actor) {
        actor.newest().kill();
        absent.add(actor);
        later(random.nextBoolean() ? 0 : random.nextInt(LONGEST_HOLD_MS), () -> absent.remove(actor));
    }

    /** Beyond the timeout of its transaction, mostly; it comes back alone, or to a successor that has taken its place. */
    private void holdUp(HistoryActor actor) {
        ChildProcess held = actor.newest();
        if (held.alive()) {
            held.suspend();
            later(TRANSACTION_TIMEOUT_MS - 1_000 + random.nextInt(LONGEST_HOLD_MS - 3_000), () -> {
                if (held.alive()) {
                    held.resume();
                }
            });
            if (random.nextBoolean()) {
                actor.start();
            }
        }
    }

    private void revive(HistoryActor actor) {
        actor.startIfEnded();
        if (actor.starts() > MOST_STARTS) {
            throw new AssertionError(actor + " gives up too often, seed " + seed);
        }
    }

    private void later(int afterMs, Runnable action) {
        later.add(new Later(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(afterMs), action));
    }

    /** Lets time pass, ends faults that are due, and starts clients again that gave up. */
    private void tend(int forMs) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(forMs);
        do {
            Waiting.pause(Duration.ofMillis(50));
            long now = System.nanoTime();
            List<Later> due =
                    later.stream().filter(each -> each.dueNanos <= now).toList();
            later.removeAll(due);
            due.forEach(each -> each.action.run());
            all().filter(each -> !absent.contains(each)).forEach(this::revive);
        } while (System.nanoTime() < end);
    }
}
