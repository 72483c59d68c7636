package io.milena.compat.program;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * A member of a consumer group that writes down what happens to it, one event a line, and commits what it has written
 * down: {@code assigned P,P}, {@code revoked P,P}, {@code record P OFFSET VALUE}. It leaves when it reads a byte.
 * Arguments: the topic, then settings of the consumer as {@code name=value}.
 */
public final class GroupMember implements ConsumerRebalanceListener {

    private static final Duration POLL = Duration.ofMillis(100);

    private final PrintStream events;

    private GroupMember(PrintStream events) {
        this.events = events;
    }

    /** Consumes until a byte arrives on standard input. */
    public static void main(String[] arguments) throws IOException {
        Properties settings = new Properties();
        settings.setProperty("enable.auto.commit", "false");
        settings.setProperty("auto.offset.reset", "earliest");
        for (int i = 1; i < arguments.length; i++) {
            int equals = arguments[i].indexOf('=');
            settings.setProperty(arguments[i].substring(0, equals), arguments[i].substring(equals + 1));
        }
        PrintStream events = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        GroupMember member = new GroupMember(events);
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(Collections.singleton(arguments[0]), member);
            while (System.in.available() == 0) {
                member.consume(consumer);
            }
        }
        events.println("left");
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        events.println("assigned " + numbers(partitions));
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        events.println("revoked " + numbers(partitions));
    }

    private void consume(KafkaConsumer<String, String> consumer) {
        ConsumerRecords<String, String> records = consumer.poll(POLL);
        StringBuilder lines = new StringBuilder();
        for (ConsumerRecord<String, String> record : records) {
            lines.append("record ").append(record.partition()).append(' ').append(record.offset());
            lines.append(' ').append(record.value()).append('\n');
        }
        if (lines.length() == 0) {
            return;
        }
        events.print(lines);
        events.flush();
        try {
            consumer.commitSync();
        } catch (RebalanceInProgressException laterWithTheNextCommit) {
            events.println("uncommitted");
        }
    }

    private static String numbers(Collection<TopicPartition> partitions) {
        return partitions.stream()
                .map(partition -> Integer.toString(partition.partition()))
                .collect(Collectors.joining(","));
    }
}
