package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.ChurnGroup;
import io.milena.compat.harness.ChurnGroup.Fault;
import io.milena.compat.harness.ChurnGroup.Kind;
import io.milena.compat.harness.ClientLanguage;
import io.milena.compat.harness.Folders;
import io.milena.compat.harness.HistoryEnd;
import io.milena.compat.harness.NumberedProducer;
import io.milena.compat.harness.RunningBroker;
import io.milena.compat.harness.Waiting;
import io.milena.compat.history.Anomaly;
import io.milena.compat.history.Event;
import io.milena.compat.history.History;
import io.milena.compat.history.HistoryCheck;
import io.milena.compat.history.OwnerCheck;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Groups of clients of all languages that this build has made ready: one group of the classic protocol, one of the consumer
 * protocol, one in which both meet and which follows a pattern. Members join, leave, are killed, stopped and do not poll while
 * records flow. No record is skipped, and no partition has two owners. {@code -Dchurn.events=200} for the long run,
 * {@code -Dseed=} for the same choices again.
 */
class ClientChurnIT {

    @RegisterExtension
    static final RunningBroker BROKER = RunningBroker.with(
            "group.consumer.min.session.timeout.ms", "3000",
            "group.consumer.session.timeout.ms", "10000",
            "group.consumer.min.heartbeat.interval.ms", "200",
            "group.consumer.heartbeat.interval.ms", "500",
            "group.consumer.assignment.interval.ms", "200",
            "group.min.session.timeout.ms", "3000");

    private static final int EVENTS = Integer.getInteger("churn.events", 15);
    private static final int PARTITIONS = 12;
    private static final String TOPIC = "churned";
    private static final int LONGEST_PAUSE_MS = 700;
    private static final Map<String, Object> PRODUCER = Map.of("delivery.timeout.ms", 300_000, "linger.ms", 5);

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final List<ChurnGroup> groups = new ArrayList<>();
    private final Map<Fault, Integer> done = new EnumMap<>(Fault.class);

    @AfterEach
    void stop() {
        groups.forEach(ChurnGroup::close);
    }

    @Test
    @Timeout(value = 120, unit = TimeUnit.MINUTES)
    void shouldSkipNothingAndHaveOneOwner() throws Exception {
        BROKER.topic(TOPIC, PARTITIONS);
        NumberedProducer producer = new NumberedProducer(BROKER.producer(PRODUCER), TOPIC, PARTITIONS);
        producer.start();
        startGroups();
        groups.forEach(ChurnGroup::awaitWork);
        List<Fault> faults = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            if (faults.isEmpty()) {
                faults.addAll(List.of(Fault.values()));
                Collections.shuffle(faults, random);
            }
            Fault fault = faults.remove(0);
            groups.get(i % groups.size()).cause(fault);
            done.merge(fault, 1, Integer::sum);
            tend(random.nextInt(LONGEST_PAUSE_MS));
        }
        while (!groups.stream().allMatch(ChurnGroup::settled)) {
            tend(0);
        }
        List<String> sent = events(producer.finish());
        groups.forEach(group -> check(group, sent));
    }

    private void startGroups() {
        List<Kind> classic = new ArrayList<>();
        List<Kind> consumer = new ArrayList<>();
        List<Kind> mixed = new ArrayList<>();
        for (ClientLanguage language : ClientLanguage.available()) {
            classic.add(new Kind(language, "classic"));
            if (language.hasConsumerProtocol()) {
                consumer.add(new Kind(language, "consumer"));
            }
            boolean old = language.ordinal() % 2 == 0 || !language.hasConsumerProtocol();
            mixed.add(new Kind(language, old ? "classic" : "consumer"));
        }
        groups.add(new ChurnGroup(BROKER, "classic-group", TOPIC, classic, random).start());
        groups.add(new ChurnGroup(BROKER, "consumer-group", TOPIC, consumer, random).start());
        groups.add(new ChurnGroup(BROKER, "mixed-group", "^churn.*", mixed, random).start());
    }

    private void tend(int forMs) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(forMs);
        do {
            Waiting.pause(Duration.ofMillis(50));
            groups.forEach(ChurnGroup::tend);
        } while (System.nanoTime() < end);
    }

    private void check(ChurnGroup group, List<String> sent) {
        HistoryEnd end = new HistoryEnd(BROKER, PARTITIONS);
        end.awaitCopied(group.name(), TOPIC, () -> tend(0), group::toString);
        History history = group.finish();
        history.add("producer", sent);
        history.add("end", end.read(List.of(TOPIC), List.of()));
        StringBuilder run =
                new StringBuilder(group.name() + " of " + ClientLanguage.available() + ", seed " + seed + ", " + done);
        for (Event.Kind kind : Event.Kind.values()) {
            run.append(' ').append(kind).append('=').append(history.count(kind));
        }
        System.out.println("churn: " + run);
        List<Anomaly> anomalies = new ArrayList<>(HistoryCheck.anomalies(history));
        anomalies.addAll(OwnerCheck.anomalies(history));
        if (!anomalies.isEmpty()) {
            Path file = Folders.target().resolve("churn-" + group.name() + ".history");
            history.writeTo(file);
            run.append("; history: ").append(file);
        }
        assertThat(anomalies).as(run.toString()).isEmpty();
    }

    /** What was sent, in the order of the numbers. */
    private static List<String> events(Map<TopicPartition, Map<Long, String>> acknowledged) {
        Map<Integer, String> events = new TreeMap<>();
        acknowledged.forEach((partition, records) -> records.forEach((offset, value) -> events.put(
                Integer.valueOf(value),
                "send - " + partition.topic() + " " + partition.partition() + " " + value + " -\nack " + value + " "
                        + offset)));
        return events.values().stream().flatMap(String::lines).toList();
    }
}
