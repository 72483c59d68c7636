package io.milena.compat.harness;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/** The selected broker, running while the tests of one class run; a failing test shows the end of the broker's output. */
public final class RunningBroker implements BeforeAllCallback, AfterAllCallback, TestExecutionExceptionHandler {

    private final BrokerProcess broker;

    private RunningBroker(BrokerProcess broker) {
        this.broker = broker;
    }

    /** A broker with settings besides those every test broker has: name, value, name, value. */
    public static RunningBroker with(String... settings) {
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            map.put(settings[i], settings[i + 1]);
        }
        return new RunningBroker(new BrokerProcess(BrokerKind.selected(), map));
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        broker.start();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        broker.close();
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        failure.addSuppressed(
                new AssertionError("the broker's output:\n" + broker.process().tail()));
        throw failure;
    }

    /** The broker's process. */
    public BrokerProcess process() {
        return broker;
    }

    /**
     * SIGKILL, and a new start on the same data. The reference is told to stop instead, unless the system property {@code kafka.kill} is
     * set: after SIGKILL it was seen to show no more committed records of transactions for minutes.
     */
    public void killAndStart() {
        if (broker.kind() == BrokerKind.KAFKA && !Boolean.getBoolean("kafka.kill")) {
            broker.terminate();
        } else {
            broker.kill();
        }
        broker.start();
    }

    /** The address for clients. */
    public String bootstrap() {
        return broker.bootstrap();
    }

    /** Creates a topic that is ready to be written, and returns its name. */
    public String topic(String name, int partitions) {
        return broker.topic(name, partitions, Map.of());
    }

    /** A new admin client of the newest generation. */
    public Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrap()));
    }

    /** A new producer of strings. */
    public KafkaProducer<String, String> producer(Map<String, Object> settings) {
        return new KafkaProducer<>(withBootstrap(settings), new StringSerializer(), new StringSerializer());
    }

    /** A new consumer of strings. */
    public KafkaConsumer<String, String> consumer(Map<String, Object> settings) {
        return new KafkaConsumer<>(withBootstrap(settings), new StringDeserializer(), new StringDeserializer());
    }

    private Map<String, Object> withBootstrap(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("bootstrap.servers", bootstrap());
        return all;
    }
}
