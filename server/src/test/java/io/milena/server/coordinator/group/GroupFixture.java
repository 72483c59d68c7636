package io.milena.server.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.server.cluster.ClusterImage;
import io.milena.server.coordinator.MemoryShardLog;
import io.milena.server.coordinator.ShardHost;
import io.milena.server.coordinator.group.classic.ClassicSettings;
import io.milena.server.coordinator.group.consumer.ConsumerSettings;
import io.milena.server.coordinator.group.consumer.ConsumerSettings.Bounded;
import io.milena.server.coordinator.group.consumer.MigrationPolicy;
import io.milena.server.coordinator.group.consumer.assignor.RangeAssignor;
import io.milena.server.coordinator.group.consumer.assignor.UniformAssignor;
import io.milena.server.coordinator.group.offsets.OffsetSettings;
import io.milena.server.coordinator.group.record.GroupRecord;
import io.milena.server.coordinator.group.record.GroupRecordCodec;
import io.milena.server.strand.ManualExecutor;
import io.milena.server.strand.ManualTimers;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** A group coordinator with one shard over a log in memory, in one thread, whose time stands still. */
public final class GroupFixture {
    public static final int SESSION_MS = 10_000;
    public static final int REBALANCE_MS = 60_000;
    public static final int INITIAL_DELAY_MS = 3_000;
    static final long RETENTION_MS = 7 * 24 * 3_600_000L;
    static final long EXPIRY_CHECK_MS = 600_000;
    static final int COMMIT_TIMEOUT_MS = 5_000;
    static final int CONSUMER_SESSION_MS = 45_000;
    static final int HEARTBEAT_MS = 5_000;
    static final int ASSIGNMENT_INTERVAL_MS = 1_000;
    static final int REGEX_REFRESH_MS = 600_000;

    final ManualTimers timers = new ManualTimers();
    final ManualExecutor home = new ManualExecutor();
    final ManualExecutor background = new ManualExecutor();
    private final GroupLimits limits;
    final TestTopics topics = new TestTopics();
    private final GroupSurroundings surroundings = new GroupSurroundings(topics.image());
    private long ids;
    MemoryShardLog log = new MemoryShardLog(home);
    ShardHost<GroupRecord, GroupShard> host;
    GroupCoordinator coordinator;

    /** Groups of any size. */
    public GroupFixture() {
        this(Integer.MAX_VALUE);
    }

    GroupFixture(int maxSize) {
        limits = new GroupLimits(
                new ClassicSettings(6_000, 1_800_000, INITIAL_DELAY_MS, maxSize),
                new OffsetSettings(4_096, RETENTION_MS, EXPIRY_CHECK_MS),
                new ConsumerSettings(
                        new Bounded(CONSUMER_SESSION_MS, 1_000, 60_000),
                        new Bounded(HEARTBEAT_MS, 100, 15_000),
                        new Bounded(ASSIGNMENT_INTERVAL_MS, 0, 15_000),
                        maxSize,
                        REGEX_REFRESH_MS,
                        MigrationPolicy.BIDIRECTIONAL,
                        List.of(new UniformAssignor(), new RangeAssignor())));
        start();
    }

    private void start() {
        host = new ShardHost<>(new ShardHost.Terms<>(
                "__consumer_offsets",
                new GroupRecordCodec(),
                context -> new GroupShard(context, limits, surroundings, () -> new UUID(0, ++ids)),
                timers,
                timers.clock(),
                background,
                COMMIT_TIMEOUT_MS));
        coordinator = new GroupCoordinator(host, () -> 1, limits, surroundings);
        host.lead(0, log);
        background.runAll();
        home.runAll();
    }

    /** Forgets everything but the log, and loads it again. */
    public void restart() {
        stop();
        log = new MemoryShardLog(home, log);
        start();
    }

    /** Ends the lead of the partition. */
    public void stop() {
        host.resign(0);
        settle();
    }

    /** Lets the coordinator know of a change of topics. */
    void change(Runnable change) {
        ClusterImage previous = topics.image();
        change.run();
        coordinator.imageChanged(previous, topics.image());
        settle();
    }

    /** Runs what was brought to the strand. */
    public void settle() {
        home.runAll();
    }

    /** Moves time, so that each timer's work is done before the next one's. */
    public void advance(long ms) {
        long step = Math.max(50, ms / 2_000);
        for (long left = ms; left > 0; left -= step) {
            timers.advance(Math.min(step, left));
            settle();
        }
    }

    /** The reply that must be there by now. */
    public <R> R reply(CompletionStage<R> stage) {
        settle();
        assertThat(stage.toCompletableFuture()).isDone();
        return stage.toCompletableFuture().join();
    }

    /** The coordinator, another one after each restart. */
    public GroupCoordinator coordinator() {
        return coordinator;
    }

    /** Runs what the strand could not run at once. */
    public ManualExecutor home() {
        return home;
    }

    /** Nothing must have been answered yet. */
    public void assertWaiting(CompletionStage<?> stage) {
        settle();
        assertThat(stage.toCompletableFuture()).isNotDone();
    }
}
