package io.milena.compat;

import static io.milena.compat.harness.TransactionScript.TOPIC;

import io.milena.compat.harness.BrokerProcess;
import io.milena.compat.harness.Differential;
import io.milena.compat.harness.TransactionScript;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kafka's tool for transactions, and its reader of their topic, must print the same for both brokers. */
class TransactionToolsIT {

    @RegisterExtension
    static final Differential BOTH = Differential.with(Map.of("transaction.partition.verification.enable", "false"));

    private static final String TOOL = "TransactionsCommand --bootstrap-server $broker ";
    private static final String ABORTABLE = "--topic " + TOPIC + " --partition 2 --start-offset 1";
    private static final List<KafkaProducer<String, String>> OPEN = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void prepare() {
        for (List<KafkaProducer<String, String>> producers : BOTH.each(TransactionToolsIT::prepare)) {
            OPEN.addAll(producers);
        }
    }

    @AfterAll
    static void close() {
        OPEN.forEach(producer -> producer.close(java.time.Duration.ZERO));
    }

    private static List<KafkaProducer<String, String>> prepare(BrokerProcess broker) {
        broker.topic(TOPIC, 3, Map.of());
        broker.topic("measured", 3, Map.of());
        try (KafkaProducer<String, String> done = producer(broker, "done")) {
            for (int i = 0; i < 3; i++) {
                done.beginTransaction();
                done.send(new ProducerRecord<>(TOPIC, 0, null, "value"));
                if (i == 1) {
                    done.flush();
                    done.abortTransaction();
                } else {
                    done.commitTransaction();
                }
            }
        }
        KafkaProducer<String, String> open = producer(broker, "open");
        open.beginTransaction();
        open.send(new ProducerRecord<>(TOPIC, 1, null, "value"));
        open.flush();
        try (TransactionScript hanging = new TransactionScript(broker)) {
            // Nobody looks whether a client of this version named the partition.
            hanging.id("hanging").init().produce(11, 2).end(4, false).init().produce(11, 2);
        }
        return List.of(open);
    }

    private static KafkaProducer<String, String> producer(BrokerProcess broker, String transactionalId) {
        KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrap(), "transactional.id", transactionalId),
                new StringSerializer(),
                new StringSerializer());
        producer.initTransactions();
        return producer;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "list",
                "list --duration-filter 1000000",
                "list --duration-filter -1",
                "list --transactional-id-pattern o.*",
                "list --duration-filter 1 --transactional-id-pattern o..n",
                "list --transactional-id-pattern o[",
                "describe --transactional-id done",
                "describe --transactional-id open",
                "describe --transactional-id nobody",
                "describe-producers --topic " + TOPIC + " --partition 0",
                "describe-producers --topic " + TOPIC + " --partition 1",
                "describe-producers --topic " + TOPIC + " --partition 1 --broker-id 1",
                "find-hanging --broker-id 1",
                "find-hanging --topic " + TOPIC,
                "find-hanging --partition 1",
                "find-hanging",
                "find-hanging --topic " + TOPIC + " --partition 1 --max-transaction-timeout 0",
                "abort --topic " + TOPIC + " --partition 1 --start-offset 77",
                "abort --topic " + TOPIC + " --partition 1",
                "abort --topic " + TOPIC + " --partition 1 --producer-id 99999 --producer-epoch 5",
            })
    void shouldPrintTheSame(String command) {
        BOTH.run(TOOL + command).replacing("\\bMS \\d+\\b", "MS N").same();
    }

    @Test
    void shouldFindAndAbortWhatHangs() {
        for (String command : List.of(
                "find-hanging --broker-id 1 --max-transaction-timeout 0",
                "abort " + ABORTABLE,
                "find-hanging --topic " + TOPIC + " --partition 2 --max-transaction-timeout 0",
                "describe-producers --topic " + TOPIC + " --partition 2")) {
            BOTH.run(TOOL + command).replacing("\\b\\d{2,7}\\b", "N").same();
        }
    }

    @Test
    void shouldEndByForce() {
        BOTH.each(broker -> {
            KafkaProducer<String, String> doomed = producer(broker, "doomed");
            doomed.beginTransaction();
            doomed.send(new ProducerRecord<>(TOPIC, 0, null, "value"));
            doomed.flush();
            return OPEN.add(doomed);
        });
        for (String command : List.of(
                "describe --transactional-id doomed",
                "forceTerminateTransaction --transactionalId doomed",
                "describe --transactional-id doomed",
                "describe-producers --topic " + TOPIC + " --partition 0",
                "forceTerminateTransaction --transactionalId doomed",
                "forceTerminateTransaction --transactionalId begun-by-force",
                "describe --transactional-id begun-by-force")) {
            BOTH.run(TOOL + command).replacing("\\b\\d{2,7}\\b", "N").same();
        }
    }

    @Test
    void shouldStoreTheSame() {
        BOTH.runAlone(
                        "consumer.ConsoleConsumer --topic __transaction_state --from-beginning --max-messages 12 --partition 2"
                                + " --formatter org.apache.kafka.tools.consumer.TransactionLogMessageFormatter")
                .replacing("1\\d{12}", "MS")
                .same();
    }

    @Test
    void shouldMeasureTransactions() {
        BOTH.runAlone("ProducerPerformance --topic measured --num-records 500 --record-size 50 --throughput -1"
                        + " --transactional-id measured --transaction-duration-ms 50")
                .replacing("\\d+(\\.\\d+)?", "N")
                .same();
    }
}
