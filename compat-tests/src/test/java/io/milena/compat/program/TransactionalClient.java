package io.milena.compat.program;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A transactional producer that obeys commands, one a line. Each is answered by one line: {@code ok}, followed by the name of the exception
 * that the client threw, if it did. Arguments: the address of the broker, the transactional id, the timeout of transactions in ms.
 */
public final class TransactionalClient {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long READ_TIMEOUT_NANOS = 60_000_000_000L;

    private final String bootstrap;
    private final KafkaProducer<String, String> producer;
    private final List<Future<RecordMetadata>> sent = new ArrayList<>();

    private TransactionalClient(String bootstrap, String transactionalId, String timeoutMs) {
        this.bootstrap = bootstrap;
        Properties settings = settings();
        settings.setProperty("transactional.id", transactionalId);
        settings.setProperty("transaction.timeout.ms", timeoutMs);
        settings.setProperty("linger.ms", "5");
        settings.setProperty("batch.size", "300");
        settings.setProperty("reconnect.backoff.max.ms", "200");
        producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    /** Obeys commands until the input ends. */
    public static void main(String[] arguments) throws IOException {
        PrintStream output = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        TransactionalClient client = new TransactionalClient(arguments[0], arguments[1], arguments[2]);
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String command = commands.readLine(); command != null; command = commands.readLine()) {
            output.println(client.answer(command.split(" ")));
        }
    }

    private String answer(String[] words) {
        try {
            obey(words);
            return "ok done";
        } catch (KafkaException e) {
            return "ok "
                    + (e.getCause() instanceof KafkaException ? e.getCause() : e)
                            .getClass()
                            .getSimpleName();
        } catch (ExecutionException e) {
            return "ok " + e.getCause().getClass().getSimpleName();
        } catch (InterruptedException | ReflectiveOperationException e) {
            return "error " + e;
        }
    }

    private void obey(String[] words) throws ExecutionException, InterruptedException, ReflectiveOperationException {
        switch (words[0]) {
            case "init":
                producer.initTransactions();
                break;
            case "begin":
                producer.beginTransaction();
                break;
            case "send":
                send(words[1], Integer.parseInt(words[2]), words[3], Integer.parseInt(words[4]));
                break;
            case "flush":
                producer.flush();
                awaitSent();
                break;
            case "commit":
                producer.commitTransaction();
                awaitSent();
                break;
            case "abort":
                sent.clear();
                producer.abortTransaction();
                break;
            case "copy":
                copy(words[1], words[2], words[3], Integer.parseInt(words[4]), words.length > 5 ? words[5] : "classic");
                break;
            default:
                throw new IllegalArgumentException("unknown command " + words[0]);
        }
    }

    private void awaitSent() throws ExecutionException, InterruptedException {
        List<Future<RecordMetadata>> waiting = new ArrayList<>(sent);
        sent.clear();
        for (Future<RecordMetadata> one : waiting) {
            one.get();
        }
    }

    private void send(String topic, int partitions, String prefix, int count) {
        for (int i = 0; i < count; i++) {
            sent.add(producer.send(new ProducerRecord<>(topic, i % partitions, null, prefix + i)));
        }
    }

    /** Reads what the group has not read, some records at a time, and sends it on; every third attempt is aborted. */
    private void copy(String group, String from, String to, int count, String protocol)
            throws ExecutionException, InterruptedException, ReflectiveOperationException {
        int copied = 0;
        int attempts = 0;
        long deadline = System.nanoTime() + READ_TIMEOUT_NANOS;
        while (copied < count && System.nanoTime() < deadline) {
            try (KafkaConsumer<String, String> consumer = consumer(group, protocol)) {
                consumer.subscribe(Collections.singleton(from));
                for (boolean aborted = false; !aborted && copied < count && System.nanoTime() < deadline; ) {
                    ConsumerRecords<String, String> records = consumer.poll(POLL);
                    if (!records.isEmpty()) {
                        aborted = ++attempts % 3 == 0;
                        copied += transfer(consumer, group, records, to, aborted);
                    }
                }
            }
        }
    }

    private int transfer(
            KafkaConsumer<String, String> consumer,
            String group,
            ConsumerRecords<String, String> records,
            String to,
            boolean abort)
            throws ExecutionException, InterruptedException, ReflectiveOperationException {
        producer.beginTransaction();
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (ConsumerRecord<String, String> record : records) {
            sent.add(producer.send(new ProducerRecord<>(to, record.partition(), null, record.value())));
            offsets.put(
                    new TopicPartition(record.topic(), record.partition()), new OffsetAndMetadata(record.offset() + 1));
        }
        sendOffsets(consumer, group, offsets);
        if (abort) {
            sent.clear();
            producer.abortTransaction();
            return 0;
        }
        producer.commitTransaction();
        awaitSent();
        return records.count();
    }

    /** Newer clients name the consumer, older ones its group only. */
    private void sendOffsets(
            KafkaConsumer<String, String> consumer, String group, Map<TopicPartition, OffsetAndMetadata> offsets)
            throws ReflectiveOperationException {
        Object consumers = groupOf(consumer, group);
        for (Method method : KafkaProducer.class.getMethods()) {
            if (method.getName().equals("sendOffsetsToTransaction")
                    && method.getParameterTypes()[1].isInstance(consumers)) {
                try {
                    method.invoke(producer, offsets, consumers);
                } catch (InvocationTargetException e) {
                    if (e.getCause() instanceof KafkaException) {
                        throw (KafkaException) e.getCause();
                    }
                    throw e;
                }
                return;
            }
        }
        throw new NoSuchMethodException("sendOffsetsToTransaction");
    }

    private static Object groupOf(KafkaConsumer<String, String> consumer, String group)
            throws ReflectiveOperationException {
        try {
            return KafkaConsumer.class.getMethod("groupMetadata").invoke(consumer);
        } catch (NoSuchMethodException e) {
            return group;
        }
    }

    private KafkaConsumer<String, String> consumer(String group, String protocol) {
        Properties settings = settings();
        settings.setProperty("group.id", group);
        settings.setProperty("group.protocol", protocol);
        settings.setProperty("enable.auto.commit", "false");
        settings.setProperty("auto.offset.reset", "earliest");
        settings.setProperty("isolation.level", "read_committed");
        settings.setProperty("max.poll.records", "17");
        return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    }

    private Properties settings() {
        Properties settings = new Properties();
        settings.setProperty("bootstrap.servers", bootstrap);
        return settings;
    }
}
