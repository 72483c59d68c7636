package io.milena.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BrokerSettingsTest {
    /** Accessor, its setting, and a value that is not the default. */
    private static final String ACCESSORS = """
            nodeId node.id 17
            rack broker.rack r1
            authorizer authorizer.class.name org.example.Everybody
            metadataLogDir metadata.log.dir /m
            metadataBytesBetweenSnapshots metadata.log.max.record.bytes.between.snapshots 17
            autoCreateTopics auto.create.topics.enable false
            deleteTopics delete.topic.enable false
            numPartitions num.partitions 17
            defaultReplicationFactor default.replication.factor 3
            maxRequestPartitions max.request.partition.size.limit 17
            telemetryMaxBytes telemetry.max.bytes 17
            slowRequestMs milena.slow.request.ms 17
            backgroundThreads background.threads 3
            recoveryThreadsPerLogDir num.recovery.threads.per.data.dir 17
            retentionCheckIntervalMs log.retention.check.interval.ms 17
            flushCheckpointIntervalMs log.flush.offset.checkpoint.interval.ms 17
            flushIntervalMs log.flush.scheduler.interval.ms 17
            producerIdExpirationMs producer.id.expiration.ms 17
            fetchMaxBytes fetch.max.bytes 1717
            fetchSessionSlots max.incremental.fetch.session.cache.slots 17
            connections.threads num.network.threads 17
            connections.requestMaxBytes socket.request.max.bytes 1717
            connections.receiveBufferBytes socket.receive.buffer.bytes -1
            connections.sendBufferBytes socket.send.buffer.bytes -1
            connections.listenBacklog socket.listen.backlog.size 17
            connections.maxConnections max.connections 17
            connections.maxConnectionsPerIp max.connections.per.ip 17
            connections.idleMs connections.max.idle.ms 17
            connections.quotaSamples quota.window.num 17
            connections.quotaSampleSeconds quota.window.size.seconds 17
            connections.queuedMaxRequests queued.max.requests 17
            connections.queuedMaxRequestBytes queued.max.request.bytes 17
            groups.minSessionTimeoutMs group.min.session.timeout.ms 17
            groups.maxSessionTimeoutMs group.max.session.timeout.ms 17000
            groups.initialRebalanceDelayMs group.initial.rebalance.delay.ms 0
            groups.maxSize group.max.size 17
            groups.offsetMetadataMaxBytes offset.metadata.max.bytes 17
            groups.offsetsCommitTimeoutMs offsets.commit.timeout.ms 17
            groups.offsetsRetentionMinutes offsets.retention.minutes 17
            groups.offsetsRetentionCheckIntervalMs offsets.retention.check.interval.ms 17
            groups.offsetsTopicPartitions offsets.topic.num.partitions 17
            groups.offsetsTopicReplicationFactor offsets.topic.replication.factor 2
            groups.offsetsTopicSegmentBytes offsets.topic.segment.bytes 17
            compaction.threads log.cleaner.threads 3
            compaction.dedupeBufferSize log.cleaner.dedupe.buffer.size 1717171
            compaction.ioBufferLoadFactor log.cleaner.io.buffer.load.factor 0.5
            compaction.ioBufferSize log.cleaner.io.buffer.size 17
            compaction.ioMaxBytesPerSecond log.cleaner.io.max.bytes.per.second 17.0
            compaction.backoffMs log.cleaner.backoff.ms 17
            transactions.maxTimeoutMs transaction.max.timeout.ms 17
            transactions.abortIntervalMs transaction.abort.timed.out.transaction.cleanup.interval.ms 17
            transactions.removalIntervalMs transaction.remove.expired.transaction.cleanup.interval.ms 17
            transactions.verifiesPartitions transaction.partition.verification.enable false
            transactions.addPartitionsMaxWaitMs add.partitions.to.txn.retry.backoff.max.ms 17
            transactions.transactionalIdExpirationMs transactional.id.expiration.ms 17
            transactions.stateTopicPartitions transaction.state.log.num.partitions 17
            transactions.stateTopicReplicationFactor transaction.state.log.replication.factor 2
            transactions.stateTopicMinInSyncReplicas transaction.state.log.min.isr 1
            transactions.stateTopicSegmentBytes transaction.state.log.segment.bytes 17
            """;

    @Test
    void shouldTakeDefaultsWhenNothingIsSet() {
        BrokerSettings settings = BrokerSettings.of(Map.of());
        assertThat(settings.nodeId()).isEqualTo(1);
        assertThat(settings.logDirs()).containsExactly("milena-data");
        assertThat(settings.metadataLogDir()).isEqualTo("milena-data");
        assertThat(settings.rack()).isNull();
        assertThat(settings.listeners().clientListeners()).containsExactly(new ListenerAddress("PLAINTEXT", "", 9092));
    }

    @Test
    void shouldIgnoreUnknownNames() {
        assertThat(BrokerSettings.of(Map.of("zookeeper.connect", "x", "num.partitions", "3"))
                        .numPartitions())
                .isEqualTo(3);
    }

    @Test
    void shouldFillNodeIdAndBrokerIdFromEachOther() {
        assertThat(BrokerSettings.of(Map.of("broker.id", "7")).nodeId()).isEqualTo(7);
        assertThat(entry(BrokerSettings.of(Map.of("node.id", "8")), "broker.id").text())
                .isEqualTo("8");
        assertThatThrownBy(() -> BrokerSettings.of(Map.of("broker.id", "7", "node.id", "8")))
                .hasMessageContaining("broker.id is 7 but node.id is 8");
    }

    @Test
    void shouldRefuseContradictions() {
        assertInvalid(Map.of("process.roles", "controller"), "process.roles cannot be \"controller\"");
        assertInvalid(Map.of("log.dirs", ""), "log.dirs cannot be");
        assertInvalid(Map.of("log.retention.hours", "0"), "log.retention.hours cannot be 0");
        assertInvalid(
                Map.of("log.cleaner.dedupe.buffer.size", "3145728", "log.cleaner.threads", "3"),
                "log.cleaner.dedupe.buffer.size must be more than 1048576 for each of the 3");
        assertInvalid(Map.of("group.min.session.timeout.ms", "1900000"), "above group.max.session.timeout.ms");
        assertInvalid(
                Map.of("log.cleaner.min.compaction.lag.ms", "10", "log.cleaner.max.compaction.lag.ms", "5"),
                "above max.compaction.lag.ms");
    }

    @Test
    void shouldHaveNoThreadsForCompactionThatIsSwitchedOff() {
        assertThat(BrokerSettings.of(Map.of("log.cleaner.enable", "false"))
                        .compaction()
                        .threads())
                .isZero();
    }

    @Test
    void shouldPreferDynamicValuesAndNameEverySource() {
        BrokerSettings settings = BrokerSettings.of(Map.of("log.retention.ms", "100"))
                .withDynamic(Map.of("log.retention.ms", "300"), Map.of("log.retention.ms", "200"));
        ConfigEntry entry = entry(settings, "log.retention.ms");
        assertThat(entry.text()).isEqualTo("300");
        assertThat(entry.source()).isEqualTo(ConfigSource.DYNAMIC_BROKER);
        assertThat(entry.synonyms())
                .containsExactly(
                        new ConfigValue("log.retention.ms", "300", ConfigSource.DYNAMIC_BROKER),
                        new ConfigValue("log.retention.ms", "200", ConfigSource.DYNAMIC_DEFAULT_BROKER),
                        new ConfigValue("log.retention.ms", "100", ConfigSource.STATIC_BROKER),
                        new ConfigValue("log.retention.hours", "168", ConfigSource.DEFAULT));
        assertThat(settings.allBrokersEntries())
                .singleElement()
                .satisfies(dynamic -> assertThat(dynamic.source()).isEqualTo(ConfigSource.DYNAMIC_DEFAULT_BROKER));
    }

    @Test
    void shouldNotListHiddenSettings() {
        assertThat(BrokerSettings.of(Map.of()).entries())
                .hasSize(SettingTable.broker().all().size()
                        - (int) SettingTable.broker().all().stream()
                                .filter(Setting::hidden)
                                .count())
                .noneMatch(entry -> entry.setting().name().equals("log.initial.task.delay.ms"));
    }

    @Test
    void shouldReadEveryAccessorFromItsSetting() throws ReflectiveOperationException {
        for (String row : ACCESSORS.lines().toList()) {
            String[] column = row.split(" ");
            BrokerSettings set = BrokerSettings.of(Map.of(column[1], column[2]));
            assertThat(read(set, column[0])).as(row).isEqualTo(column[2]);
            assertThat(read(BrokerSettings.of(Map.of()), column[0]))
                    .as("default of " + row)
                    .isNotEqualTo(column[2]);
        }
    }

    /** An accessor without a row in the table fails here. */
    @Test
    void shouldHaveARowForEveryAccessor() {
        List<String> accessors = new ArrayList<>();
        collectAccessors(accessors, "", BrokerSettings.class);
        collectAccessors(accessors, "connections.", ConnectionSettings.class);
        collectAccessors(accessors, "groups.", GroupSettings.class);
        collectAccessors(accessors, "compaction.", CompactionSettings.class);
        collectAccessors(accessors, "transactions.", TransactionSettings.class);
        assertThat(ACCESSORS.lines().map(row -> row.split(" ")[0])).containsExactlyInAnyOrderElementsOf(accessors);
    }

    private static void collectAccessors(List<String> accessors, String prefix, Class<?> type) {
        for (Method method : type.getDeclaredMethods()) {
            boolean value = method.getReturnType().isPrimitive() || method.getReturnType() == String.class;
            if (Modifier.isPublic(method.getModifiers()) && method.getParameterCount() == 0 && value) {
                accessors.add(prefix + method.getName());
            }
        }
    }

    private static String read(BrokerSettings settings, String path) throws ReflectiveOperationException {
        Object target = settings;
        for (String accessor : path.split("\\.")) {
            target = target.getClass().getMethod(accessor).invoke(target);
        }
        return String.valueOf(target);
    }

    private static void assertInvalid(Map<String, String> file, String message) {
        assertThatThrownBy(() -> BrokerSettings.of(file))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining(message);
    }

    private static ConfigEntry entry(BrokerSettings settings, String name) {
        return settings.entries().stream()
                .filter(entry -> entry.setting().name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
