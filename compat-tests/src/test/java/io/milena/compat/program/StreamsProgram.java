package io.milena.compat.program;

import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.state.BuiltInDslStoreSuppliers;

/**
 * A stock Kafka Streams application: clicks of users are joined with the table of the users' regions, go through a
 * repartition topic to their region, and are counted there in windows. Every count is written out as
 * {@code region@window=count}. Its state lives in memory, so that every start restores it from the changelogs. It ends
 * with SIGTERM, or with exit code 1 when Streams gives up. Arguments: the address of the broker, the application id, the
 * processing guarantee, the folder of its state.
 */
public final class StreamsProgram {

    /** The topic of clicks: a user, and anything. Its name starts with the application id. */
    public static final String CLICKS = "-clicks";

    /** The topic of regions: a user, and its region. Its name starts with the application id. */
    public static final String REGIONS = "-regions";

    /** The topic of counts: a region, and {@code region@window=count}. Its name starts with the application id. */
    public static final String COUNTS = "-counts";

    /** The length of a window in ms. */
    public static final long WINDOW_MS = 10_000;

    private StreamsProgram() {}

    /** Runs until the process is told to end. */
    public static void main(String[] arguments) {
        KafkaStreams streams = new KafkaStreams(topology(arguments[1]), settings(arguments));
        streams.setStateListener((now, before) -> {
            if (now == KafkaStreams.State.ERROR) {
                Runtime.getRuntime().halt(1);
            }
        });
        Runtime.getRuntime().addShutdownHook(new Thread(() -> streams.close(Duration.ofSeconds(20))));
        streams.start();
    }

    private static Topology topology(String application) {
        StreamsBuilder builder = new StreamsBuilder();
        var strings = Consumed.with(Serdes.String(), Serdes.String());
        var regions = builder.table(application + REGIONS, strings);
        var window = TimeWindows.ofSizeAndGrace(Duration.ofMillis(WINDOW_MS), Duration.ofDays(1));
        builder.stream(application + CLICKS, strings)
                .join(regions, (click, region) -> region)
                .groupBy((user, region) -> region)
                .windowedBy(window)
                .count()
                .toStream(
                        (region, count) -> region.key() + "@" + region.window().start() + "=" + count)
                .map((text, count) -> KeyValue.pair(text.substring(0, text.indexOf('@')), text))
                .to(application + COUNTS, Produced.with(Serdes.String(), Serdes.String()));
        return builder.build();
    }

    private static Properties settings(String[] arguments) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, arguments[0]);
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, arguments[1]);
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, arguments[2]);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, arguments[3]);
        settings.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
        settings.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 2);
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 200);
        settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0); // every count is written
        settings.put(StreamsConfig.REPARTITION_PURGE_INTERVAL_MS_CONFIG, 500);
        settings.put(
                StreamsConfig.DSL_STORE_SUPPLIERS_CLASS_CONFIG,
                BuiltInDslStoreSuppliers.InMemoryDslStoreSuppliers.class);
        settings.put(StreamsConfig.consumerPrefix("session.timeout.ms"), 6_000);
        settings.put(StreamsConfig.consumerPrefix("heartbeat.interval.ms"), 500);
        settings.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
        return settings;
    }
}
