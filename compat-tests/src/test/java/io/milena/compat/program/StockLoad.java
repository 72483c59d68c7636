package io.milena.compat.program;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** Stock producers with default settings but for {@code linger.ms=0}, each with one record under way. */
final class StockLoad implements Load {

    private final List<ClosedLoopProducer> producers = new ArrayList<>();

    /** A producer for each of the partitions, which may repeat. */
    StockLoad(String bootstrap, List<TopicPartition> partitions, int recordBytes) {
        Map<String, String> settings = Map.of("bootstrap.servers", bootstrap, "linger.ms", "0");
        partitions.forEach(partition -> producers.add(new ClosedLoopProducer(settings, partition, recordBytes)));
    }

    @Override
    public void start() {
        producers.forEach(ClosedLoopProducer::start);
    }

    @Override
    public void measure() {
        producers.forEach(ClosedLoopProducer::measure);
    }

    @Override
    public void end() {
        producers.forEach(ClosedLoopProducer::end);
    }

    @Override
    public long[] latenciesNanos() {
        return producers.stream()
                .flatMapToLong(producer -> Arrays.stream(producer.latenciesNanos()))
                .toArray();
    }

    @Override
    public void close() {
        producers.forEach(ClosedLoopProducer::close);
    }
}
