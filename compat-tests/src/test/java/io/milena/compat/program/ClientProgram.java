package io.milena.compat.program;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A client that obeys commands, one a line: each is answered by any number of lines and then by one that starts with
 * {@code ok} or {@code error}. The only argument is the address of the broker.
 */
public final class ClientProgram {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final long READ_TIMEOUT_NANOS = 60_000_000_000L;

    private final String bootstrap;
    private final PrintStream output;

    private ClientProgram(String bootstrap, PrintStream output) {
        this.bootstrap = bootstrap;
        this.output = output;
    }

    /** Runs commands until the input ends. */
    public static void main(String[] arguments) throws IOException {
        PrintStream output = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        ClientProgram program = new ClientProgram(arguments[0], output);
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String command = commands.readLine(); command != null; command = commands.readLine()) {
            output.println(program.answer(command.split(" ")));
        }
    }

    private String answer(String[] words) {
        try {
            return "ok " + obey(words);
        } catch (ExecutionException | InterruptedException | RuntimeException | ReflectiveOperationException e) {
            return "error " + e + " caused by " + e.getCause();
        }
    }

    private String obey(String[] words) throws ExecutionException, InterruptedException, ReflectiveOperationException {
        switch (words[0]) {
            case "produce":
                return produce(words[1], Integer.parseInt(words[2]), Integer.parseInt(words[3]), settings(words, 4));
            case "consume":
                return consume(words[1], words[2], Integer.parseInt(words[3]), settings(words, 4));
            case "committed":
                return committed(words[1], new TopicPartition(words[2], Integer.parseInt(words[3])));
            case "offset-for-time":
                return offsetForTime(
                        new TopicPartition(words[1], Integer.parseInt(words[2])), Long.parseLong(words[3]));
            case "read-at":
                return readAt(new TopicPartition(words[1], Integer.parseInt(words[2])), Long.parseLong(words[3]));
            case "create":
                return create(words[1], Integer.parseInt(words[2]));
            case "describe":
                return describe(words[1]);
            case "delete":
                return delete(words[1]);
            default:
                throw new IllegalArgumentException("unknown command " + words[0]);
        }
    }

    /** Sends {@code count} records with timestamps 1000, 1001, …; answers with the first and last offset. */
    private String produce(String topic, int partition, int count, Properties settings)
            throws ExecutionException, InterruptedException {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < count; i++) {
                String value = "value-" + i + "-" + settings.getProperty("compression.type", "none");
                sent.add(producer.send(new ProducerRecord<>(topic, partition, 1000L + i, "key-" + i, value)));
            }
            producer.flush();
        }
        return sent.get(0).get().offset() + " " + sent.get(count - 1).get().offset();
    }

    private String consume(String group, String topic, int count, Properties settings) {
        settings.setProperty("group.id", group);
        settings.setProperty("auto.offset.reset", "earliest");
        settings.setProperty("enable.auto.commit", "false");
        int read = 0;
        try (KafkaConsumer<String, String> consumer = consumer(settings)) {
            consumer.subscribe(Collections.singleton(topic));
            long deadline = System.nanoTime() + READ_TIMEOUT_NANOS;
            while (read < count && System.nanoTime() < deadline) {
                for (ConsumerRecord<String, String> record : consumer.poll(POLL)) {
                    output.println(text(record));
                    read++;
                }
            }
            consumer.commitSync();
        }
        return Integer.toString(read);
    }

    private String committed(String group, TopicPartition partition) throws ExecutionException, InterruptedException {
        try (AdminClient admin = AdminClient.create(settings(new String[0], 0))) {
            Map<TopicPartition, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get();
            return Long.toString(offsets.get(partition).offset());
        }
    }

    private String offsetForTime(TopicPartition partition, long timestamp) {
        try (KafkaConsumer<String, String> consumer = consumer(settings(new String[0], 0))) {
            OffsetAndTimestamp found = consumer.offsetsForTimes(Collections.singletonMap(partition, timestamp))
                    .get(partition);
            return found == null ? "none" : found.offset() + " " + found.timestamp();
        }
    }

    private String readAt(TopicPartition partition, long offset) {
        try (KafkaConsumer<String, String> consumer = consumer(settings(new String[0], 0))) {
            consumer.assign(Collections.singleton(partition));
            consumer.seek(partition, offset);
            long deadline = System.nanoTime() + READ_TIMEOUT_NANOS;
            while (System.nanoTime() < deadline) {
                for (ConsumerRecord<String, String> record : consumer.poll(POLL)) {
                    return text(record);
                }
            }
            return "none";
        }
    }

    private String create(String topic, int partitions) throws ExecutionException, InterruptedException {
        try (AdminClient admin = AdminClient.create(settings(new String[0], 0))) {
            admin.createTopics(Collections.singleton(new NewTopic(topic, partitions, (short) 1)))
                    .all()
                    .get();
            return topic;
        }
    }

    /** Asking for offsets is repeated by the client until every partition is led. */
    private void awaitLeaders(String topic, int partitions) {
        List<TopicPartition> all = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            all.add(new TopicPartition(topic, partition));
        }
        try (KafkaConsumer<String, String> consumer = consumer(settings(new String[0], 0))) {
            consumer.endOffsets(all);
        }
    }

    /** The result of describing topics has no method that all generations share. */
    private String describe(String topic)
            throws ExecutionException, InterruptedException, ReflectiveOperationException {
        try (AdminClient admin = AdminClient.create(settings(new String[0], 0))) {
            DescribeTopicsResult result = admin.describeTopics(Collections.singleton(topic));
            List<String> names = Arrays.asList("allTopicNames", "all");
            for (java.lang.reflect.Method method : DescribeTopicsResult.class.getMethods()) {
                if (names.contains(method.getName())) {
                    return ((KafkaFuture<?>) method.invoke(result)).get().toString();
                }
            }
            throw new NoSuchMethodException(names.toString());
        }
    }

    private String delete(String topic) throws ExecutionException, InterruptedException {
        try (AdminClient admin = AdminClient.create(settings(new String[0], 0))) {
            admin.deleteTopics(Collections.singleton(topic)).all().get();
            return topic;
        }
    }

    private static KafkaConsumer<String, String> consumer(Properties settings) {
        return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    }

    private static String text(ConsumerRecord<String, String> record) {
        return String.join(
                " ",
                Integer.toString(record.partition()),
                Long.toString(record.offset()),
                Long.toString(record.timestamp()),
                record.key(),
                record.value());
    }

    private Properties settings(String[] words, int from) {
        Properties settings = new Properties();
        settings.setProperty("bootstrap.servers", bootstrap);
        for (int i = from; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            settings.setProperty(words[i].substring(0, equals), words[i].substring(equals + 1));
        }
        return settings;
    }
}
