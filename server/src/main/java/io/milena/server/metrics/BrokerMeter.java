package io.milena.server.metrics;

import java.util.List;

/**
 * Every meter of a broker: its name, what kind of number it is, what it says and by which tags it is split. Prometheus sees the names with
 * underscores and the unit behind them; {@code docs/metrics.md} lists both.
 */
public enum BrokerMeter {
    REQUESTS("milena.requests", Kind.COUNTER, Unit.NONE, "Requests answered", "api", "version"),
    REQUEST_DURATION(
            "milena.request.duration",
            Kind.DURATION,
            Unit.SECONDS,
            "Time from the last byte of a request to its response; fetches and joins wait as long as the client lets them",
            "api",
            "version"),
    REQUEST_BYTES(
            "milena.request.size", Kind.COUNTER, Unit.BYTES, "Bytes of requests that were answered", "api", "version"),
    RESPONSE_BYTES("milena.response.size", Kind.COUNTER, Unit.BYTES, "Bytes of responses", "api", "version"),
    REQUEST_ERRORS(
            "milena.request.errors",
            Kind.COUNTER,
            Unit.NONE,
            "Errors in responses, by Kafka's error code; a response can hold several",
            "api",
            "error"),
    REQUESTS_INVALID(
            "milena.requests.invalid",
            Kind.COUNTER,
            Unit.NONE,
            "Connections closed because what came was no request that is served"),
    REQUESTS_SLOW(
            "milena.requests.slow",
            Kind.COUNTER,
            Unit.NONE,
            "Requests that took longer than milena.slow.request.ms beyond the wait the client asked for"),
    REQUEST_MEMORY(
            "milena.requests.pending",
            Kind.GAUGE,
            Unit.BYTES,
            "Bytes of requests received and not answered; limit: queued.max.request.bytes"),
    RECEIVED_BYTES("milena.network.received", Kind.COUNTER, Unit.BYTES, "Bytes of all requests that were answered"),
    SENT_BYTES("milena.network.sent", Kind.COUNTER, Unit.BYTES, "Bytes of all responses"),
    CONNECTIONS("milena.connections", Kind.GAUGE, Unit.NONE, "Open connections; limit: max.connections", "listener"),
    CONNECTIONS_ACCEPTED("milena.connections.accepted", Kind.COUNTER, Unit.NONE, "Connections accepted"),
    CONNECTIONS_REFUSED(
            "milena.connections.refused", Kind.COUNTER, Unit.NONE, "Connections refused since there were too many"),
    LOOP_CPU(
            "milena.loop.cpu",
            Kind.COUNTER,
            Unit.SECONDS,
            "Time of the processor that a network loop used: its rate is the loop's utilisation, from 0 to 1",
            "loop"),
    LOOP_QUEUE("milena.loop.queue", Kind.GAUGE, Unit.NONE, "Tasks that wait for a network loop", "loop"),
    THREADS_QUEUE("milena.threads.queue", Kind.GAUGE, Unit.NONE, "Tasks that wait for a thread", "pool"),
    THREADS_BUSY("milena.threads.busy", Kind.GAUGE, Unit.NONE, "Threads that run a task", "pool"),
    BUFFERS(
            "milena.network.buffers",
            Kind.GAUGE,
            Unit.BYTES,
            "Direct memory that the network holds for its buffers, in use or kept"),
    TOPICS("milena.topics", Kind.GAUGE, Unit.NONE, "Topics with partitions here"),
    PARTITIONS("milena.partitions", Kind.GAUGE, Unit.NONE, "Partitions that this broker serves"),
    PARTITIONS_OFFLINE(
            "milena.partitions.offline", Kind.GAUGE, Unit.NONE, "Partitions of this broker that cannot be served"),
    PARTITIONS_FAILED(
            "milena.partitions.failed",
            Kind.GAUGE,
            Unit.NONE,
            "Partitions that take no records since their disk failed or is full"),
    FOLDERS_OFFLINE("milena.folders.offline", Kind.GAUGE, Unit.NONE, "Data folders out of service"),
    LOG_SIZE("milena.log.size", Kind.GAUGE, Unit.BYTES, "Bytes in the logs of all partitions"),
    LOG_SEGMENTS("milena.log.segments", Kind.GAUGE, Unit.NONE, "Segments of all logs"),
    LOG_APPENDS("milena.log.appends", Kind.COUNTER, Unit.NONE, "Batches appended"),
    LOG_FLUSHES(
            "milena.log.flush", Kind.DURATION, Unit.SECONDS, "Times that a log was made durable, and how long it took"),
    TOPIC_SIZE("milena.topic.size", Kind.GAUGE, Unit.BYTES, "Bytes in the logs of a topic", "topic"),
    TOPIC_RECORDS("milena.topic.records", Kind.COUNTER, Unit.NONE, "Records appended to a topic", "topic"),
    TOPIC_RECEIVED("milena.topic.received", Kind.COUNTER, Unit.BYTES, "Bytes appended to a topic", "topic"),
    TOPIC_SENT("milena.topic.sent", Kind.COUNTER, Unit.BYTES, "Bytes of a topic that were fetched", "topic"),
    FETCHES_WAITING("milena.fetches.waiting", Kind.GAUGE, Unit.NONE, "Fetches that wait for records"),
    FETCH_SESSIONS("milena.fetch.sessions", Kind.GAUGE, Unit.NONE, "Incremental fetch sessions that are kept"),
    PRODUCER_IDS("milena.producer.ids", Kind.GAUGE, Unit.NONE, "Producers that partitions remember, once for each"),
    GROUPS("milena.groups", Kind.GAUGE, Unit.NONE, "Groups, by type and state", "type", "state"),
    GROUP_LAG(
            "milena.group.lag",
            Kind.GAUGE,
            Unit.NONE,
            "Records between what a group committed and what it may read",
            "group",
            "topic",
            "partition"),
    TRANSACTIONS("milena.transactions", Kind.GAUGE, Unit.NONE, "Transactional ids, by state", "state"),
    ROWS_LEFT_OUT(
            "milena.metrics.rows.left.out",
            Kind.GAUGE,
            Unit.NONE,
            "Topics, or partitions of groups, that have no meters as there are too many",
            "of"),
    FILES_ON_LEASE("milena.files.leased", Kind.GAUGE, Unit.NONE, "Data files that are being read or sent"),
    DAMAGE_FOUND(
            "milena.log.damage.found",
            Kind.COUNTER,
            Unit.NONE,
            "Places in the files of logs whose bytes are not what was written",
            "kind"),
    COMPACTIONS("milena.compaction.finished", Kind.COUNTER, Unit.NONE, "Cleanings that came to their end"),
    COMPACTION_READ("milena.compaction.read", Kind.COUNTER, Unit.BYTES, "Bytes that cleanings read"),
    COMPACTION_WRITTEN("milena.compaction.written", Kind.COUNTER, Unit.BYTES, "Bytes that cleanings wrote"),
    COMPACTION_DIRTY_RATIO(
            "milena.compaction.dirty.ratio.max",
            Kind.GAUGE,
            Unit.NONE,
            "Dirty share of the filthiest partition, from 0 to 1"),
    COMPACTION_UNCLEANABLE(
            "milena.compaction.partitions.uncleanable",
            Kind.GAUGE,
            Unit.NONE,
            "Partitions left alone because they could not be cleaned");

    private final String meterName;
    private final Kind kind;
    private final Unit unit;
    private final String description;

    @SuppressWarnings("ImmutableEnumChecker") // of List.of
    private final List<String> tags;

    /** What kind of number a meter is. */
    public enum Kind {
        /** Only grows, until the broker is started again. */
        COUNTER,
        /** Goes up and down. */
        GAUGE,
        /** Durations: how many, their sum and, in Prometheus, a histogram with the buckets of {@link DurationBuckets}. */
        DURATION
    }

    /** What is counted, where that is not a number of things. */
    public enum Unit {
        NONE,
        BYTES,
        SECONDS
    }

    BrokerMeter(String meterName, Kind kind, Unit unit, String description, String... tags) {
        this.meterName = meterName;
        this.kind = kind;
        this.unit = unit;
        this.description = description;
        this.tags = List.of(tags);
    }

    /** The name in Micrometer. */
    public String meterName() {
        return meterName;
    }

    public Kind kind() {
        return kind;
    }

    public Unit unit() {
        return unit;
    }

    public String description() {
        return description;
    }

    /** By what it is split. */
    public List<String> tags() {
        return tags;
    }

    /** The name in Prometheus; that of the family, for a histogram. */
    public String prometheusName() {
        String name = meterName.replace('.', '_');
        String withUnit =
                switch (unit) {
                    case NONE -> name;
                    case BYTES -> name + "_bytes";
                    case SECONDS -> name + "_seconds";
                };
        return kind == Kind.COUNTER ? withUnit + "_total" : withUnit;
    }
}
