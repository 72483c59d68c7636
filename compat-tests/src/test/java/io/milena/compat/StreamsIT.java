package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.Incidents;
import io.milena.compat.harness.RunningBroker;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Kafka Streams while the broker and the application are killed: joins, windowed counts, repartition and changelog topics. The long form:
 * {@code -Dstreams.records=1000000 -Dstreams.applicationKills=10 -Dstreams.brokerKills=5 -Dstreams.brokerStops=5}, and
 * {@code -Dstreams.seed} for the same moments again.
 */
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class StreamsIT {

    @RegisterExtension
    static final RunningBroker BROKER =
            RunningBroker.with("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");

    private static final int RECORDS = Integer.getInteger("streams.records", 10_000);
    private static final int APPLICATION_KILLS = Integer.getInteger("streams.applicationKills", 1);
    private static final int BROKER_KILLS = Integer.getInteger("streams.brokerKills", 1);
    private static final int BROKER_STOPS = Integer.getInteger("streams.brokerStops", 1);

    private final long seed = Long.getLong("streams.seed", System.nanoTime());

    @Test
    void shouldCountEveryWordExactlyOnce() {
        Incidents incidents = new Incidents("exactly once", seed);
        StreamsWork work = new StreamsWords("words", seed);
        try (StreamsRun run = new StreamsRun(BROKER, "words", work)) {
            incidents.add("application killed", APPLICATION_KILLS, run::killApplication);
            incidents.add("broker killed", BROKER_KILLS, BROKER::killAndStart);
            run.run("exactly_once_v2", incidents.plan(), RECORDS);
        }
        assertThat(work.wrongIfExactlyOnce()).as("seed %d", seed).isEmpty();
    }

    @Test
    void shouldJoinAndCountAtLeastOnce() {
        Incidents incidents = new Incidents("at least once", seed);
        StreamsWork work = new StreamsClicks("clicks", seed);
        try (StreamsRun run = new StreamsRun(BROKER, "clicks", work)) {
            incidents.add("application killed", APPLICATION_KILLS, run::killApplication);
            incidents.add("broker killed", BROKER_KILLS, BROKER::killAndStart);
            run.run("at_least_once", incidents.plan(), RECORDS);
            List<String> wrong = work.wrongIfAtLeastOnce(run.mayRepeat());
            assertThat(wrong).as("seed %d", seed).isEmpty();
        }
    }

    /** Nothing is left undone by a broker that is stopped, so that nothing has to be repeated. */
    @Test
    void shouldJoinAndCountEachOnceWhileTheBrokerIsStoppedAndStarted() {
        Incidents incidents = new Incidents("clean restarts", seed);
        StreamsWork work = new StreamsClicks("calm-clicks", seed);
        try (StreamsRun run = new StreamsRun(BROKER, "calm-clicks", work)) {
            incidents.add("broker stopped", BROKER_STOPS, StreamsIT::stopBroker);
            run.run("at_least_once", incidents.plan(), RECORDS);
        }
        assertThat(work.wrongIfExactlyOnce()).as("seed %d", seed).isEmpty();
    }

    private static void stopBroker() {
        BROKER.process().terminate();
        BROKER.process().start();
    }
}
