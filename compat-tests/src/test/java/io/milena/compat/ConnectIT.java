package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.Incidents;
import io.milena.compat.harness.ResultReader;
import io.milena.compat.harness.RunningBroker;
import io.milena.compat.harness.Waiting;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Distributed workers of Kafka Connect copy a file through a topic, into it exactly once, while the broker and the workers are killed. The
 * long form: {@code -Dconnect.lines=1000000 -Dconnect.workerKills=10 -Dconnect.brokerKills=5}, and {@code -Dconnect.seed} for the same
 * moments again; {@code -Dconnect.workers=2} for more workers.
 */
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class ConnectIT {

    @RegisterExtension
    static final RunningBroker BROKER =
            RunningBroker.with("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");

    private static final int LINES = Integer.getInteger("connect.lines", 5_000);
    private static final int WORKER_KILLS = Integer.getInteger("connect.workerKills", 1);
    private static final int BROKER_KILLS = Integer.getInteger("connect.brokerKills", 1);
    private static final int WORKERS = Integer.getInteger("connect.workers", 1);

    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofSeconds(180);
    private static final int CHUNK = 1_000;
    private static final int MOST_AHEAD = 20_000;

    private final long seed = Long.getLong("connect.seed", System.nanoTime());
    private int written;

    @Test
    void shouldCopyEveryLineAndIntoTheTopicExactlyOnce() throws Exception {
        BROKER.topic(ConnectWorkers.TOPIC, 1);
        Incidents incidents = new Incidents("connect", seed);
        try (ConnectWorkers workers = new ConnectWorkers(BROKER, WORKERS, seed);
                BufferedWriter source = Files.newBufferedWriter(
                        workers.source(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            incidents.add("worker killed", WORKER_KILLS, workers::killOne);
            incidents.add("broker killed", BROKER_KILLS, BROKER::killAndStart);
            incidents.plan();
            workers.start();
            CopiedLines copied = new CopiedLines(workers.sink());
            copy(source, copied, incidents, workers);
            incidents.say(incidents.report());
            incidents.say(LINES + " lines copied, " + copied.repeated() + " written again by the sink");
        }
        List<String> lines = new ArrayList<>();
        ResultReader.readAll(BROKER, List.of(ConnectWorkers.TOPIC), 1, record -> lines.add(record.value()));
        assertThat(lines)
                .as("seed %d", seed)
                .isEqualTo(IntStream.range(0, LINES).mapToObj(CopiedLines::line).toList());
    }

    private void copy(BufferedWriter source, CopiedLines copied, Incidents incidents, ConnectWorkers workers)
            throws IOException {
        int last = 0;
        long lastNanos = System.nanoTime();
        while (copied.count() < LINES || !incidents.over()) {
            write(source, Math.min(LINES, copied.count() + Math.min(MOST_AHEAD, LINES / 10)));
            incidents.tend((double) copied.count() / LINES, copied::read);
            workers.check();
            if (copied.read() > last) {
                last = copied.count();
                lastNanos = System.nanoTime();
            }
            assertThat(System.nanoTime() - lastNanos)
                    .as(() -> copied.count() + " of " + LINES + " lines\n" + workers)
                    .isLessThan(PATIENCE.toNanos());
            Waiting.pause(PAUSE);
        }
    }

    private void write(BufferedWriter source, int end) throws IOException {
        int chunkEnd = Math.min(end, written + CHUNK);
        for (; written < chunkEnd; written++) {
            source.write(CopiedLines.line(written));
            source.write('\n');
        }
        source.flush();
    }
}
