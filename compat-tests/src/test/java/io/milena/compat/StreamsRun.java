package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.ChildProcess;
import io.milena.compat.harness.Folders;
import io.milena.compat.harness.GroupProgress;
import io.milena.compat.harness.Incidents;
import io.milena.compat.harness.JavaCommand;
import io.milena.compat.harness.ResultReader;
import io.milena.compat.harness.RunningBroker;
import io.milena.compat.harness.Waiting;
import io.milena.compat.program.StreamsProgram;
import io.milena.compat.program.StreamsTopology;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A Streams application in processes of its own, its input, which is sent while it runs, and its results. */
final class StreamsRun implements AutoCloseable {

    private static final int PARTITIONS = 2;
    private static final int CHUNK = 2_000;
    /** So many records may wait for their results, so that incidents are spread over the run. */
    private static final int MOST_AHEAD = 30_000;

    private static final Duration PAUSE = Duration.ofMillis(50);
    /** After it nothing comes from an application that was killed. */
    private static final Duration LAST_RESULTS = Duration.ofMillis(300);

    private static final Duration PATIENCE = Duration.ofSeconds(180);
    private static final int TERMINATED = 143;

    private final RunningBroker broker;
    private final String id;
    private final StreamsWork work;
    private final List<String> inputs;
    private final List<String> outputs;
    private final List<String> allInputs;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private final AtomicLong acknowledged = new AtomicLong();
    private final GroupProgress progress;
    private final KafkaProducer<String, String> producer;
    private final ResultReader results;
    private String guarantee = "";
    private @Nullable ChildProcess application;
    private int starts;
    private long mayRepeat;
    private long sent;
    private long lastResults;
    private long lastResultsNanos;

    /** Topics are made; nothing runs yet. */
    StreamsRun(RunningBroker broker, String id, StreamsWork work) {
        this.broker = broker;
        this.id = id;
        this.work = work;
        this.inputs = work.topology().inputs().stream().map(work::topic).toList();
        this.outputs = work.topology().outputs().stream().map(work::topic).toList();
        this.allInputs = new ArrayList<>(inputs);
        allInputs.add(work.topic(StreamsTopology.REPARTITION_TOPIC));
        inputs.forEach(topic -> broker.topic(topic, PARTITIONS));
        outputs.forEach(topic -> broker.topic(topic, PARTITIONS));
        progress = new GroupProgress(broker, id, PARTITIONS);
        producer = broker.producer(Map.of("linger.ms", 5));
        results = new ResultReader(broker, outputs, PARTITIONS);
    }

    /** Sends all input while the incidents happen, waits for all results, ends the application, and gives the results to the work. */
    void run(String processingGuarantee, Incidents incidents, int records) {
        guarantee = processingGuarantee;
        results.start();
        work.first().forEach(this::send);
        producer.flush();
        startApplication();
        lastResultsNanos = System.nanoTime();
        long total = records + work.first().size();
        long ahead = Math.min(MOST_AHEAD, records / 10);
        while (acknowledged.get() < total || !incidents.over() || !finished()) {
            long committed = progress.committed(inputs);
            for (int i = 0; i < CHUNK && sent < total && sent < committed + ahead; i++) {
                send(work.next());
            }
            incidents.tend((double) committed / total, results::count);
            check(incidents);
            Waiting.pause(PAUSE);
        }
        awaitPurge();
        end(incidents);
    }

    /** SIGKILL; another process goes on. */
    void killApplication() {
        running().kill();
        Waiting.pause(LAST_RESULTS);
        mayRepeat += lag();
        startApplication();
    }

    /** How many records the application may have to count again at most: those whose offsets were not committed when it was killed. */
    long mayRepeat() {
        return mayRepeat;
    }

    @Override
    public void close() {
        if (application != null) {
            application.close();
        }
        results.close();
        producer.close(Duration.ZERO);
        progress.close();
    }

    private void end(Incidents incidents) {
        running().terminate();
        assertThat(running().awaitExit(PATIENCE)).as(running().tail()).isEqualTo(TERMINATED);
        ResultReader.readAll(broker, outputs, PARTITIONS, work::take);
        incidents.say(incidents.report());
        incidents.say(sent + " records sent; " + work.summary() + "; may repeat " + mayRepeat);
    }

    private void send(ProducerRecord<String, String> record) {
        producer.send(record, (metadata, exception) -> {
            if (exception == null) {
                acknowledged.incrementAndGet();
            } else {
                failure.set(exception);
            }
        });
        sent++;
    }

    /** Transactions leave markers behind the last record, so that only their results can be counted. */
    private boolean finished() {
        return guarantee.equals("at_least_once") ? lag() == 0 : results.count() >= work.expectedResults();
    }

    private long lag() {
        try {
            return progress.lag(allInputs);
        } catch (ExecutionException notThereYet) {
            return Integer.MAX_VALUE;
        }
    }

    private void check(Incidents incidents) {
        Exception failed = failure.get();
        if (failed != null) {
            throw new AssertionError("input failed", failed);
        }
        assertThat(running().alive()).as(running().tail()).isTrue();
        if (results.count() > lastResults) {
            lastResults = results.count();
            lastResultsNanos = System.nanoTime();
        }
        if (System.nanoTime() - lastResultsNanos > PATIENCE.toNanos()) {
            end(incidents);
            throw new AssertionError("no more results after " + lastResults + " of " + work.expectedResults() + "\n"
                    + running().tail());
        }
    }

    private ChildProcess running() {
        if (application == null) {
            throw new IllegalStateException("the application was not started");
        }
        return application;
    }

    private void startApplication() {
        List<String> settings = List.of(
                "state.dir=" + Folders.fresh("streams-state"),
                "main.consumer.session.timeout.ms=6000",
                "main.consumer.heartbeat.interval.ms=500",
                "producer.transaction.timeout.ms=5000");
        List<String> command = command(broker.bootstrap(), id, guarantee, work.topology(), settings);
        starts++;
        application = ChildProcess.start("streams-" + starts, command, Folders.fresh("streams"), Redirect.PIPE);
    }

    /** The command line of {@link StreamsProgram}. */
    static List<String> command(
            String bootstrap, String id, String guarantee, StreamsTopology topology, List<String> settings) {
        Path clients = Folders.target().resolve("clients");
        String classPath = String.join(
                ":",
                Folders.target().resolve("test-classes").toString(),
                clients.resolve("4.3.1") + "/*",
                clients.resolve("streams") + "/*",
                Folders.kafkaJars().resolve("slf4j-simple-1.7.36.jar").toString());
        List<String> arguments = new ArrayList<>(List.of(bootstrap, id, guarantee, topology.name()));
        arguments.addAll(settings);
        return JavaCommand.program(classPath, StreamsProgram.class.getName(), arguments);
    }

    /** What went through the repartition topic is deleted by the application (DeleteRecords). */
    private void awaitPurge() {
        TopicPartition partition = new TopicPartition(work.topic(StreamsTopology.REPARTITION_TOPIC), 0);
        try (Admin admin = broker.admin()) {
            Waiting.until("the purge of " + partition, PATIENCE, () -> start(admin, partition) > 0, () -> "none");
        }
    }

    private static long start(Admin admin, TopicPartition partition) {
        try {
            return admin.listOffsets(Map.of(partition, OffsetSpec.earliest()))
                    .partitionResult(partition)
                    .get()
                    .offset();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("no start of " + partition, e);
        }
    }
}
