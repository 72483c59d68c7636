package io.milena.server.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.ErrorCode;
import io.milena.server.strand.ManualExecutor;
import io.milena.server.strand.ManualTimers;
import io.milena.server.strand.Timeout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ShardHostTest {
    private final ManualTimers timers = new ManualTimers();
    private final ManualExecutor home = new ManualExecutor();
    private final ManualExecutor background = new ManualExecutor();
    private final MemoryShardLog log = new MemoryShardLog(home);
    private final ShardHost<String, Words> host = new ShardHost<>(
            new ShardHost.Terms<>("words", new WordCodec(), Words::new, timers, timers.clock(), background, 5_000));

    private CompletionStage<Integer> add(String... words) {
        return host.execute(0, shard -> shard.add(List.of(words)));
    }

    private CompletionStage<List<String>> words() {
        return host.execute(0, shard -> CompletableFuture.completedFuture(List.copyOf(shard.words)));
    }

    private ErrorCode errorOf(CompletionStage<?> stage) {
        home.runAll();
        return stage.thenApply(reply -> ErrorCode.NONE)
                .exceptionally(failure -> ((CoordinatorException)
                                (failure instanceof CompletionException ? failure.getCause() : failure))
                        .error())
                .toCompletableFuture()
                .join();
    }

    @Test
    void shouldKnowOnlyPartitionsItLeads() {
        assertThat(errorOf(words())).isEqualTo(ErrorCode.NOT_COORDINATOR);
        host.lead(0, log);
        assertThat(errorOf(words())).isEqualTo(ErrorCode.NONE);
        host.resign(0);
        assertThat(errorOf(words())).isEqualTo(ErrorCode.NOT_COORDINATOR);
    }

    @Test
    void shouldLetAllGoWhenClosed() {
        host.lead(0, log);
        host.close();
        home.runAll();

        assertThat(errorOf(words())).isEqualTo(ErrorCode.NOT_COORDINATOR);
    }

    @Test
    void shouldServeANewPartitionAtOnce() {
        host.lead(0, log);

        assertThat(add("a", "b").toCompletableFuture().join()).isEqualTo(2);
        assertThat(background.waiting()).isZero();
    }

    @Test
    void shouldRefuseWorkWhileLoading() {
        host.lead(0, log);
        add("a", "b");
        host.resign(0);
        host.lead(0, log);

        assertThat(errorOf(words())).isEqualTo(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
        background.runAll();
        assertThat(words().toCompletableFuture().join()).containsExactly("a", "b");
    }

    @Test
    void shouldLoadAgainAfterAFailure() {
        host.lead(0, log);
        add("a");
        host.resign(0);
        log.unreadable(true);
        host.lead(0, log);
        background.runAll();
        assertThat(errorOf(words())).isEqualTo(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
        timers.advance(HostedShard.FIRST_RETRY_MS);
        home.runAll();
        background.runAll();
        assertThat(errorOf(words())).isEqualTo(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);

        log.unreadable(false);
        timers.advance(HostedShard.FIRST_RETRY_MS);
        home.runAll();
        assertThat(background.waiting()).isZero();
        timers.advance(HostedShard.FIRST_RETRY_MS);
        home.runAll();
        background.runAll();
        assertThat(words().toCompletableFuture().join()).containsExactly("a");
    }

    @Test
    void shouldNotLoadAgainWhatItDoesNotLeadAnyMore() {
        host.lead(0, log);
        add("a");
        host.resign(0);
        log.unreadable(true);
        host.lead(0, log);
        background.runAll();
        host.resign(0);
        home.runAll();
        timers.advance(HostedShard.FIRST_RETRY_MS);
        home.runAll();

        assertThat(background.waiting()).isZero();
        assertThat(errorOf(words())).isEqualTo(ErrorCode.NOT_COORDINATOR);
    }

    @Test
    void shouldThrowAwayALoadThatIsOvertaken() {
        host.lead(0, log);
        add("a");
        host.resign(0);
        host.lead(0, log);
        host.resign(0);
        background.runAll();

        assertThat(errorOf(words())).isEqualTo(ErrorCode.NOT_COORDINATOR);
    }

    @Test
    void shouldChangeNothingIfTheAppendFails() {
        host.lead(0, log);
        log.refuse(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertThat(errorOf(add("a"))).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        log.refuse(null);

        assertThat(words().toCompletableFuture().join()).isEmpty();
    }

    @Test
    void shouldAppendADecisionAsOneBatch() {
        host.lead(0, log);
        add("a", "b", "c");

        assertThat(log.batchCount()).isEqualTo(1);
    }

    @Test
    void shouldAnswerWhenCommitted() {
        host.lead(0, log);
        log.holdBack();
        CompletionStage<Integer> first = add("a");
        CompletionStage<Integer> second = add("b");
        assertThat(first.toCompletableFuture()).isNotDone();
        log.commit();

        assertThat(first.toCompletableFuture().join()).isEqualTo(1);
        assertThat(second.toCompletableFuture().join()).isEqualTo(2);
        assertThat(timers.waiting()).isZero();
    }

    @Test
    void shouldFailWhatMayNeverBeCommitted() {
        host.lead(0, log);
        log.holdBack();
        CompletionStage<Integer> waiting = add("a");
        log.abandon();

        assertThat(errorOf(waiting)).isEqualTo(ErrorCode.NOT_COORDINATOR);
    }

    @Test
    void shouldRunTimersInsideTheStrandUnlessCancelled() {
        host.lead(0, log);
        List<String> ran = new ArrayList<>();
        Timeout cancelledInTime = set("early", ran);
        Timeout cancelledLate = set("late", ran);
        set("kept", ran);
        log.strand().execute(cancelledInTime::cancel);
        timers.advance(1_000);
        assertThat(ran).isEmpty();
        log.strand().execute(cancelledLate::cancel);
        home.runAll();

        assertThat(ran).containsExactly("late", "kept");
    }

    @Test
    void shouldRunNoTimersOfAShardThatIsGone() {
        host.lead(0, log);
        List<String> ran = new ArrayList<>();
        set("kept", ran);
        host.resign(0);
        timers.advance(1_000);
        home.runAll();

        assertThat(ran).isEmpty();
    }

    private Timeout set(String name, List<String> ran) {
        return host.execute(
                        0,
                        shard -> CompletableFuture.completedFuture(shard.context.schedule(1_000, () -> ran.add(name))))
                .toCompletableFuture()
                .join();
    }

    /** Remembers every word it is given. */
    private static final class Words implements Shard<String> {
        private final ShardContext<String> context;
        private final List<String> words = new ArrayList<>();

        Words(ShardContext<String> context) {
            this.context = context;
        }

        CompletionStage<Integer> add(List<String> added) {
            return context.carryOut(new Decision<>(added, words.size() + added.size()));
        }

        @Override
        public void apply(String word) {
            words.add(word);
        }

        @Override
        public void loaded() {}

        @Override
        public void unloaded() {}
    }

    private static final class WordCodec implements RecordCodec<String> {
        @Override
        public ByteBuffer key(String word) {
            return ByteBuffer.wrap(word.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public @Nullable ByteBuffer value(String word) {
            return null;
        }

        @Override
        public String decode(ByteBuffer key, @Nullable ByteBuffer value) {
            return StandardCharsets.UTF_8.decode(key.duplicate()).toString();
        }
    }
}
