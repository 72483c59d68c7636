package io.milena.compat.program;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A member of a group that makes one output of each input, in transactions with the group's offsets, and writes down its history
 * until it reads a byte or cannot go on. Some of its transactions are aborted, some wait. Clients since 2.5. Arguments: the
 * address of the broker, the name of the process, a seed, the transactional id, the timeout of transactions in ms, the topic of
 * the inputs, that of the outputs, the partitions of both, the group, then settings of the consumer as {@code name=value}.
 */
public final class HistoryCopier implements ConsumerRebalanceListener {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final int ABORTED_OF = 6;
    private static final int MOST_PAUSE_MS = 40;

    private final HistoryLines history = new HistoryLines();
    private final KafkaProducer<String, String> producer;
    private final KafkaConsumer<String, String> consumer;
    private final String[] arguments;
    private final String process;
    private final Random random;
    private int transactions;
    private int records;

    private HistoryCopier(String[] arguments) {
        this.arguments = arguments;
        process = arguments[1];
        random = new Random(Long.parseLong(arguments[2]));
        producer = new KafkaProducer<>(
                HistoryLines.transactional(arguments[0], arguments[3], arguments[4]),
                new StringSerializer(),
                new StringSerializer());
        Properties settings = HistoryLines.settings(arguments[0]);
        settings.setProperty("group.id", arguments[8]);
        settings.setProperty("enable.auto.commit", "false");
        settings.setProperty("auto.offset.reset", "earliest");
        settings.setProperty("isolation.level", "read_committed");
        settings.setProperty("max.poll.records", "20");
        for (int i = 9; i < arguments.length; i++) {
            int equals = arguments[i].indexOf('=');
            settings.setProperty(arguments[i].substring(0, equals), arguments[i].substring(equals + 1));
        }
        consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    }

    /** Copies until a byte arrives on standard input. */
    public static void main(String[] arguments) throws IOException, ReflectiveOperationException {
        HistoryCopier program = new HistoryCopier(arguments);
        try (KafkaConsumer<String, String> consumer = program.consumer) {
            program.producer.initTransactions();
            consumer.subscribe(Collections.singleton(arguments[5]), program);
            while (HistoryLines.untold()) {
                ConsumerRecords<String, String> records = consumer.poll(POLL);
                if (!records.isEmpty()) {
                    program.copy(records);
                }
            }
            program.history.write("left", "told");
        } catch (RuntimeException e) {
            program.history.write("left", e.getClass().getSimpleName());
            throw e;
        }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        partitions.forEach(each -> history.write("position", each.topic(), each.partition(), -1));
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}

    private void copy(ConsumerRecords<String, String> inputs) throws ReflectiveOperationException {
        for (ConsumerRecord<String, String> input : inputs) {
            history.write("read", input.topic(), input.partition(), input.offset(), input.value());
        }
        String transaction = process + "-t" + transactions++;
        history.write("begin", transaction);
        try {
            transact(transaction, inputs);
        } catch (KafkaException e) {
            history.write("unknown", transaction, e.getClass().getSimpleName());
            abort(transaction, inputs);
        }
    }

    private void transact(String transaction, ConsumerRecords<String, String> inputs)
            throws ReflectiveOperationException {
        producer.beginTransaction();
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (ConsumerRecord<String, String> input : inputs) {
            send(transaction, input);
            offsets.put(
                    new TopicPartition(input.topic(), input.partition()), new OffsetAndMetadata(input.offset() + 1));
        }
        HistoryLines.pause(random.nextInt(MOST_PAUSE_MS));
        offsets.forEach((partition, offset) -> history.write(
                "offsets", transaction, arguments[8], partition.topic(), partition.partition(), offset.offset()));
        sendOffsets(offsets);
        if (random.nextInt(ABORTED_OF) == 0) {
            abort(transaction, inputs);
        } else {
            history.write("commit", transaction);
            producer.commitTransaction();
            history.write("committed", transaction);
        }
    }

    private void send(String transaction, ConsumerRecord<String, String> input) {
        String value = process + "-" + records++;
        int partition = random.nextInt(Integer.parseInt(arguments[7]));
        String source = input.topic() + ":" + input.partition() + ":" + input.offset();
        history.write("send", transaction, arguments[6], partition, value, source);
        producer.send(new ProducerRecord<>(arguments[6], partition, null, value), (metadata, failure) -> {
            if (failure == null) {
                history.write("ack", value, metadata.offset());
            }
        });
    }

    /** Goes back to the first of the inputs; ends the program when the transaction may be committed. */
    private void abort(String transaction, ConsumerRecords<String, String> inputs) {
        producer.abortTransaction();
        history.write("aborted", transaction);
        for (TopicPartition partition : inputs.partitions()) {
            long first = inputs.records(partition).get(0).offset();
            consumer.seek(partition, first);
            history.write("position", partition.topic(), partition.partition(), first);
        }
    }

    /** The class of what a consumer tells of its group is younger than the oldest client. */
    private void sendOffsets(Map<TopicPartition, OffsetAndMetadata> offsets) throws ReflectiveOperationException {
        Method groupMetadata = KafkaConsumer.class.getMethod("groupMetadata");
        Method send =
                KafkaProducer.class.getMethod("sendOffsetsToTransaction", Map.class, groupMetadata.getReturnType());
        try {
            send.invoke(producer, offsets, groupMetadata.invoke(consumer));
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException) {
                throw (RuntimeException) e.getCause();
            }
            throw e;
        }
    }
}
