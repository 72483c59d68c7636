package io.milena.compat.program;

import java.io.IOException;
import java.util.Random;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A transactional producer that writes down its history until it reads a byte or cannot go on. Some of its transactions are
 * aborted, some are flushed early. Arguments: the address of the broker, the name of the process, a seed, the transactional id,
 * the timeout of transactions in ms, the topic, its partitions.
 */
public final class HistoryProducer {

    private static final int MOST_RECORDS = 12;
    private static final int ABORTED_OF = 5;
    private static final int MOST_PAUSE_MS = 60;

    private final HistoryLines history = new HistoryLines();
    private final KafkaProducer<String, String> producer;
    private final String process;
    private final Random random;
    private final String topic;
    private final int partitions;
    private int transactions;
    private int records;

    private HistoryProducer(String[] arguments) {
        process = arguments[1];
        random = new Random(Long.parseLong(arguments[2]));
        topic = arguments[5];
        partitions = Integer.parseInt(arguments[6]);
        producer = new KafkaProducer<>(
                HistoryLines.transactional(arguments[0], arguments[3], arguments[4]),
                new StringSerializer(),
                new StringSerializer());
    }

    /** Produces until a byte arrives on standard input. */
    public static void main(String[] arguments) throws IOException {
        HistoryProducer program = new HistoryProducer(arguments);
        try {
            program.producer.initTransactions();
            while (HistoryLines.untold()) {
                program.transact();
                HistoryLines.pause(program.random.nextInt(MOST_PAUSE_MS));
            }
            program.history.write("left", "told");
        } catch (RuntimeException e) {
            program.history.write("left", e.getClass().getSimpleName());
            throw e;
        }
    }

    private void transact() {
        String transaction = process + "-t" + transactions++;
        history.write("begin", transaction);
        try {
            producer.beginTransaction();
            for (int count = 1 + random.nextInt(MOST_RECORDS); count > 0; count--) {
                send(transaction);
                if (random.nextInt(MOST_RECORDS) == 0) {
                    producer.flush();
                    HistoryLines.pause(random.nextInt(MOST_PAUSE_MS));
                }
            }
            if (random.nextInt(ABORTED_OF) == 0) {
                producer.abortTransaction();
                history.write("aborted", transaction);
            } else {
                history.write("commit", transaction);
                producer.commitTransaction();
                history.write("committed", transaction);
            }
        } catch (KafkaException e) {
            history.write("unknown", transaction, e.getClass().getSimpleName());
            producer.abortTransaction(); // refused, which ends the program, when the transaction may be committed
            history.write("aborted", transaction);
        }
    }

    private void send(String transaction) {
        String value = process + "-" + records++;
        int partition = random.nextInt(partitions);
        history.write("send", transaction, topic, partition, value, "-");
        producer.send(new ProducerRecord<>(topic, partition, null, value), (metadata, failure) -> {
            if (failure == null) {
                history.write("ack", value, metadata.offset());
            }
        });
    }
}
