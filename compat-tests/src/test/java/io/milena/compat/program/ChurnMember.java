package io.milena.compat.program;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * A member of a group that reads, commits what it has read, and writes down its history; there is one such program in every
 * language that the tests know. Arguments: the address of the broker, the name of the process, a seed, the group, the topic or a
 * pattern that begins with {@code ^}, {@code classic} or {@code consumer}, {@code sync} or {@code async} commits. It writes
 * {@code assigned}, {@code revoked}, {@code epoch} before the first record of each, {@code read}, {@code stored} and {@code held},
 * as the history's events say. Times are those of the machine's monotonic clock in nanoseconds. It reads lines: {@code hold MS}
 * lets it not poll for so long, any other lets it leave.
 */
public final class ChurnMember implements ConsumerRebalanceListener {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final String NO_EPOCH = "-";

    private final HistoryLines history = new HistoryLines();
    private final BufferedReader commands =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    private final KafkaConsumer<String, String> consumer;
    private final boolean async;
    private String epoch = NO_EPOCH;

    private ChurnMember(String[] arguments) {
        async = arguments[6].equals("async");
        Properties settings = HistoryLines.settings(arguments[0]);
        settings.setProperty("client.id", arguments[1]);
        settings.setProperty("group.id", arguments[3]);
        settings.setProperty("enable.auto.commit", "false");
        settings.setProperty("auto.offset.reset", "earliest");
        settings.setProperty("metadata.max.age.ms", "1000");
        settings.setProperty("max.poll.interval.ms", "10000");
        if (arguments[5].equals("consumer")) {
            settings.setProperty("group.protocol", "consumer");
        } else {
            settings.setProperty("session.timeout.ms", "10000");
            settings.setProperty("heartbeat.interval.ms", "500");
        }
        consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
        if (arguments[4].startsWith("^")) {
            consumer.subscribe(Pattern.compile(arguments[4]), this);
        } else {
            consumer.subscribe(Collections.singleton(arguments[4]), this);
        }
    }

    /** Consumes until a line says that it is enough. */
    public static void main(String[] arguments) throws IOException, ReflectiveOperationException {
        ChurnMember member = new ChurnMember(arguments);
        try (KafkaConsumer<String, String> consumer = member.consumer) {
            while (member.goesOn()) {
                member.consume(consumer.poll(POLL));
            }
            member.history.write("held", System.nanoTime());
        } catch (RuntimeException e) {
            member.history.write("left", e.getClass().getSimpleName());
            throw e;
        }
        member.history.write("left", "told");
    }

    private boolean goesOn() throws IOException {
        if (HistoryLines.untold()) {
            return true;
        }
        String[] words = commands.readLine().split(" ");
        if (!words[0].equals("hold")) {
            return false;
        }
        history.write("held", System.nanoTime());
        HistoryLines.pause(Integer.parseInt(words[1]));
        return true;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        partitions.forEach(each -> history.write("assigned", each.topic(), each.partition(), System.nanoTime()));
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        partitions.forEach(each -> history.write("revoked", each.topic(), each.partition(), System.nanoTime()));
    }

    private void consume(ConsumerRecords<String, String> records) throws ReflectiveOperationException {
        if (records.isEmpty()) {
            return;
        }
        noteEpoch();
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (ConsumerRecord<String, String> record : records) {
            history.write("read", record.topic(), record.partition(), record.offset(), record.value());
            offsets.put(
                    new TopicPartition(record.topic(), record.partition()), new OffsetAndMetadata(record.offset() + 1));
        }
        if (async) {
            consumer.commitAsync(offsets, (committed, failure) -> {
                if (failure == null) {
                    stored(committed);
                }
            });
            return;
        }
        try {
            consumer.commitSync(offsets);
            stored(offsets);
        } catch (KafkaException anotherMemberReadsThemAgain) {
            history.write("unstored", anotherMemberReadsThemAgain.getClass().getSimpleName());
        }
    }

    private void stored(Map<TopicPartition, OffsetAndMetadata> offsets) {
        offsets.forEach((partition, offset) ->
                history.write("stored", partition.topic(), partition.partition(), offset.offset(), System.nanoTime()));
    }

    /** What a consumer tells of its group is younger than the oldest client. */
    private void noteEpoch() throws ReflectiveOperationException {
        Object metadata = KafkaConsumer.class.getMethod("groupMetadata").invoke(consumer);
        int generation = (int) metadata.getClass().getMethod("generationId").invoke(metadata);
        String now = generation < 0 ? NO_EPOCH : Integer.toString(generation);
        if (!now.equals(epoch)) {
            epoch = now;
            history.write("epoch", now);
        }
    }
}
