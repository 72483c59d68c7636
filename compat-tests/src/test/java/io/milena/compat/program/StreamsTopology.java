package io.milena.compat.program;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.JoinWindows;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.StreamJoined;
import org.apache.kafka.streams.kstream.TimeWindows;

/** What the Streams applications of the tests do. The names of their topics start with the application's id. */
public enum StreamsTopology {
    /**
     * Clicks of users are joined with purchases of the same user close to them; and with the table of the users' regions, go through a
     * repartition topic to their region, and are counted there in windows.
     */
    CLICKS {
        @Override
        Topology build(String application) {
            StreamsBuilder builder = new StreamsBuilder();
            var regions = builder.table(application + REGIONS_TOPIC, CONSUMED);
            KStream<String, String> clicks = builder.stream(application + CLICKS_TOPIC, CONSUMED);
            KStream<String, String> purchases = builder.stream(application + PURCHASES_TOPIC, CONSUMED);
            JoinWindows near = JoinWindows.ofTimeDifferenceAndGrace(Duration.ofMillis(PAIR_MS), GRACE);
            clicks.join(
                            purchases,
                            (click, purchase) -> click + "+" + purchase,
                            near,
                            StreamJoined.with(STRING, STRING, STRING))
                    .to(application + PAIRS_TOPIC, PRODUCED);
            clicks.join(regions, (click, region) -> region)
                    .groupBy((user, region) -> region, Grouped.with("group", STRING, STRING))
                    .windowedBy(TimeWindows.ofSizeAndGrace(Duration.ofMillis(WINDOW_MS), GRACE))
                    .count()
                    .toStream((region, count) ->
                            region.key() + "@" + region.window().start())
                    .map((window, count) -> KeyValue.pair(window, window + "=" + count))
                    .to(application + COUNTS_TOPIC, PRODUCED);
            return builder.build();
        }

        @Override
        public List<String> inputs() {
            return List.of(REGIONS_TOPIC, CLICKS_TOPIC, PURCHASES_TOPIC);
        }

        @Override
        public List<String> outputs() {
            return List.of(COUNTS_TOPIC, PAIRS_TOPIC);
        }
    },
    /** Words of lines go through a repartition topic and are counted. */
    WORDS {
        @Override
        Topology build(String application) {
            StreamsBuilder builder = new StreamsBuilder();
            builder.stream(application + LINES_TOPIC, CONSUMED)
                    .flatMapValues(line -> List.of(line.split(" ")))
                    .groupBy((key, word) -> word, Grouped.with("group", STRING, STRING))
                    .count()
                    .toStream()
                    .map((word, count) -> KeyValue.pair(word, word + "=" + count))
                    .to(application + COUNTS_TOPIC, PRODUCED);
            return builder.build();
        }

        @Override
        public List<String> inputs() {
            return List.of(LINES_TOPIC);
        }

        @Override
        public List<String> outputs() {
            return List.of(COUNTS_TOPIC);
        }
    };

    /** A user, and the number of a click. */
    public static final String CLICKS_TOPIC = "-clicks";

    /** A user, and the number of a purchase. */
    public static final String PURCHASES_TOPIC = "-purchases";

    /** A user, and its region. */
    public static final String REGIONS_TOPIC = "-regions";

    /** Anything, and words with a space between them. */
    public static final String LINES_TOPIC = "-lines";

    /** {@code region@window=count} or {@code word=count}; the key is what stands before the count. */
    public static final String COUNTS_TOPIC = "-counts";

    /** A user, and {@code click+purchase}. */
    public static final String PAIRS_TOPIC = "-pairs";

    /** What comes through the repartition topic is counted. */
    public static final String REPARTITION_TOPIC = "-group-repartition";

    /** The length of a window of counts in ms. */
    public static final long WINDOW_MS = 10_000;

    /** The greatest distance of a click and a purchase that are a pair, in ms. */
    public static final long PAIR_MS = 100;

    private static final Duration GRACE = Duration.ofMinutes(30);
    private static final Serde<String> STRING = Serdes.String();
    private static final Consumed<String, String> CONSUMED = Consumed.with(STRING, STRING);
    private static final Produced<String, String> PRODUCED = Produced.with(STRING, STRING);

    abstract Topology build(String application);

    /** The ends of the names of the topics it reads. */
    public abstract List<String> inputs();

    /** The ends of the names of the topics it writes. */
    public abstract List<String> outputs();
}
