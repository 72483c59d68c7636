package io.milena.compat;

import io.milena.compat.program.StreamsTopology;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The input of a Streams application, one random record after another, what must come of it, and what came. */
abstract class StreamsWork {

    private static final int EXAMPLES = 20;

    private final StreamsTopology topology;
    private final String application;
    private final SplittableRandom random;
    private final Map<String, Long> expectedCounts = new HashMap<>();
    private final Set<String> expectedPairs = new HashSet<>();
    private final Map<String, Long> counts = new HashMap<>();
    private final Set<String> pairs = new HashSet<>();
    private final List<String> unexpected = new ArrayList<>();
    private long repeatedCounts;
    private long repeatedPairs;

    StreamsWork(StreamsTopology topology, String application, long seed) {
        this.topology = topology;
        this.application = application;
        this.random = new SplittableRandom(seed);
    }

    /** What has to be there before all else. */
    abstract List<ProducerRecord<String, String>> first();

    /** The next record, which from now on is expected to be counted. */
    abstract ProducerRecord<String, String> next();

    /** Takes note of a result; they come in order of their offsets in each partition. */
    void take(ConsumerRecord<String, String> result) {
        if (result.topic().endsWith(StreamsTopology.PAIRS_TOPIC)) {
            if (!pairs.add(result.value())) {
                repeatedPairs++;
                unexpected(result);
            }
            return;
        }
        int equals = result.value().indexOf('=');
        String key = result.value().substring(0, equals);
        long count = Long.parseLong(result.value().substring(equals + 1));
        long before = counts.getOrDefault(key, 0L);
        if (count != before + 1) {
            repeatedCounts++;
            unexpected(result);
        }
        counts.put(key, count);
    }

    private void unexpected(ConsumerRecord<String, String> result) {
        if (unexpected.size() < EXAMPLES) {
            unexpected.add(result.topic() + "-" + result.partition() + "@" + result.offset() + " " + result.value()
                    + " after " + counts.get(result.key()));
        }
    }

    /** How many results there are when each is there once. */
    long expectedResults() {
        return expectedPairs.size()
                + expectedCounts.values().stream().mapToLong(each -> each).sum();
    }

    /** What is wrong unless every result is there once, in order. */
    List<String> wrongIfExactlyOnce() {
        List<String> wrong = wrongIfAtLeastOnce(0);
        wrong.addAll(unexpected);
        return wrong;
    }

    /** What is wrong unless every result is there, and no more than so many records are counted more than once. */
    List<String> wrongIfAtLeastOnce(long mayRepeat) {
        List<String> wrong = new ArrayList<>();
        long excess = 0;
        Set<String> keys = new HashSet<>(expectedCounts.keySet());
        keys.addAll(counts.keySet());
        for (String key : keys) {
            long expected = expectedCounts.getOrDefault(key, 0L);
            long count = counts.getOrDefault(key, 0L);
            if (count < expected || expected == 0) {
                wrong.add(key + " is " + count + ", not " + expected);
            }
            excess += Math.max(0, count - expected);
        }
        if (excess > mayRepeat) {
            wrong.add(excess + " counted again, more than " + mayRepeat);
        }
        expectedPairs.stream().filter(pair -> !pairs.contains(pair)).forEach(pair -> wrong.add(pair + " is missing"));
        pairs.stream().filter(pair -> !expectedPairs.contains(pair)).forEach(pair -> wrong.add(pair + " is no pair"));
        return wrong;
    }

    /** In numbers what came. */
    String summary() {
        return counts.size() + " counters with "
                + counts.values().stream().mapToLong(each -> each).sum() + " counted, expected "
                + expectedCounts.values().stream().mapToLong(each -> each).sum() + "; " + pairs.size()
                + " pairs, expected "
                + expectedPairs.size() + "; " + repeatedCounts + " counts out of order, " + repeatedPairs
                + " pairs repeated " + unexpected;
    }

    final StreamsTopology topology() {
        return topology;
    }

    final String topic(String end) {
        return application + end;
    }

    final SplittableRandom random() {
        return random;
    }

    final void expectCount(String key) {
        expectedCounts.merge(key, 1L, Long::sum);
    }

    final void expectPair(String pair) {
        expectedPairs.add(pair);
    }
}
