package io.milena.compat.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Milena with an admin port, and clients that do a little of everything it has meters for. Used by one thread. */
public final class MeasuredBroker implements AutoCloseable {
    private static final String TOPIC = "measured";
    private static final String FLUSHED = "flushed";
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final int adminPort = Ports.free();
    private final HttpClient http = HttpClient.newHttpClient();
    private final BrokerProcess broker =
            new BrokerProcess(BrokerKind.MILENA, Map.of("milena.admin.listener", "127.0.0.1:" + adminPort));
    private KafkaProducer<String, String> producer;
    private KafkaProducer<String, String> transactional;
    private KafkaConsumer<String, String> consumer;

    /** Starts the broker, and clients that stay connected. */
    public MeasuredBroker start() {
        broker.start();
        broker.topic(TOPIC, 2, Map.of());
        broker.topic(FLUSHED, 1, Map.of("flush.messages", "1"));
        producer = producer(Map.of("bootstrap.servers", broker.bootstrap()));
        transactional = producer(Map.of("bootstrap.servers", broker.bootstrap(), "transactional.id", "measured"));
        transactional.initTransactions();
        consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrap(),
                        "group.id",
                        "measured",
                        "auto.offset.reset",
                        "earliest",
                        "max.poll.records",
                        1),
                new StringDeserializer(),
                new StringDeserializer());
        consumer.subscribe(List.of(TOPIC));
        return this;
    }

    /** Some records, a transaction, a commit that leaves a lag, and a question about a group that cannot be answered. */
    public void work() {
        for (int i = 0; i < 10; i++) {
            producer.send(new ProducerRecord<>(TOPIC, "key" + i, "value"));
        }
        producer.send(new ProducerRecord<>(FLUSHED, "value"));
        producer.flush();
        transactional.beginTransaction();
        transactional.send(new ProducerRecord<>(TOPIC, "value"));
        transactional.commitTransaction();
        Waiting.until(
                "a record",
                TIMEOUT,
                () -> !consumer.poll(Duration.ofMillis(200)).isEmpty(),
                () -> broker.process().tail());
        consumer.commitSync();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            Waiting.until(
                    "a refusal",
                    TIMEOUT,
                    admin.deleteConsumerGroups(List.of("measured")).all()::isCompletedExceptionally,
                    () -> broker.process().tail());
        }
    }

    /** The broker's process. */
    public BrokerProcess process() {
        return broker;
    }

    /** Where Prometheus finds it. */
    public String adminAddress() {
        return "127.0.0.1:" + adminPort;
    }

    /** A page of the admin port. */
    public HttpResponse<String> page(String path) {
        return get(http, "http://" + adminAddress() + path);
    }

    /** A page of any server. */
    public static HttpResponse<String> get(HttpClient http, String address) {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create(address)).timeout(TIMEOUT).build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        if (consumer != null) {
            consumer.close();
            transactional.close();
            producer.close();
        }
        broker.close();
    }

    private static KafkaProducer<String, String> producer(Map<String, Object> settings) {
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }
}
