package io.milena.compat;

import io.milena.compat.program.StreamsTopology;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Clicks and purchases of a few users. Their time advances by 10 ms on average, from some hours ago. */
final class StreamsClicks extends StreamsWork {

    private static final int USERS = 20;
    private static final int REGIONS = 5;
    private static final int LONGEST_STEP_MS = 20;
    private static final int CLICKS_PER_PURCHASE = 4;

    private final Map<String, Deque<Event>> clicks = new HashMap<>();
    private final Map<String, Deque<Event>> purchases = new HashMap<>();
    private long timestampMs = System.currentTimeMillis() - Duration.ofHours(6).toMillis();
    private int number;

    StreamsClicks(String application, long seed) {
        super(StreamsTopology.CLICKS, application, seed);
    }

    @Override
    List<ProducerRecord<String, String>> first() {
        return IntStream.range(0, USERS)
                .mapToObj(user -> new ProducerRecord<>(
                        topic(StreamsTopology.REGIONS_TOPIC), null, timestampMs, "user-" + user, region(user)))
                .toList();
    }

    @Override
    ProducerRecord<String, String> next() {
        timestampMs += random().nextInt(1, LONGEST_STEP_MS);
        int user = random().nextInt(USERS);
        number++;
        return random().nextInt(CLICKS_PER_PURCHASE + 1) == 0 ? purchase(user) : click(user);
    }

    private ProducerRecord<String, String> click(int user) {
        expectCount(region(user) + "@" + (timestampMs - timestampMs % StreamsTopology.WINDOW_MS));
        Event click = new Event("c" + number, timestampMs);
        near(purchases, user).forEach(purchase -> expectPair(click.name() + "+" + purchase.name()));
        near(clicks, user).add(click);
        return record(StreamsTopology.CLICKS_TOPIC, user, click);
    }

    private ProducerRecord<String, String> purchase(int user) {
        Event purchase = new Event("p" + number, timestampMs);
        near(clicks, user).forEach(click -> expectPair(click.name() + "+" + purchase.name()));
        near(purchases, user).add(purchase);
        return record(StreamsTopology.PURCHASES_TOPIC, user, purchase);
    }

    private ProducerRecord<String, String> record(String topic, int user, Event event) {
        return new ProducerRecord<>(topic(topic), null, event.timestampMs(), "user-" + user, event.name());
    }

    private Deque<Event> near(Map<String, Deque<Event>> events, int user) {
        Deque<Event> ofUser = events.computeIfAbsent("user-" + user, name -> new ArrayDeque<>());
        while (!ofUser.isEmpty() && ofUser.getFirst().timestampMs() < timestampMs - StreamsTopology.PAIR_MS) {
            ofUser.removeFirst();
        }
        return ofUser;
    }

    private static String region(int user) {
        return "region-" + user % REGIONS;
    }

    private record Event(String name, long timestampMs) {}
}
