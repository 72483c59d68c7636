package io.milena.server.partition.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.FetchResponse;
import io.milena.server.partition.Partition;
import io.milena.server.partition.TestPartitions;
import io.milena.server.partition.session.FetchTerms.Reader;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectionFetchesTest {
    @TempDir
    Path folder;

    private final FetchSessions sessions =
            new FetchSessions(3, new AtomicInteger(100)::incrementAndGet, new ColdReads(Runnable::run));
    private TestPartitions partitions;
    private Partition first;
    private Partition second;
    private Fetcher fetcher;

    @BeforeEach
    void open() {
        partitions = new TestPartitions(folder);
        first = partitions.create("orders", 0);
        second = partitions.create("orders", 1);
        fetcher = new Fetcher(partitions, sessions);
    }

    @AfterEach
    void close() {
        fetcher.close();
        assertThat(partitions.leases()).isZero();
        assertThat(partitions.watched()).isEmpty();
        assertThat(sessions.size()).isZero();
        partitions.close();
    }

    @Test
    void shouldAnswerAtOnceWhenThereIsEnough() {
        int size = partitions.append(first, "a", "b");

        assertThat(now(fetcher.fetch(fetcher.wants(first, 0), fetcher.wants(second, 0))))
                .containsExactly("0 hw=2 bytes=" + size, "1 hw=0");
    }

    @Test
    void shouldWaitForRecordsAndThenTellAllPartitionsWithoutSession() {
        CompletableFuture<FetchResponse> reply = fetcher.fetch(fetcher.wants(first, 0), fetcher.wants(second, 0));
        assertThat(reply).isNotDone();

        int size = partitions.append(second, "a");
        assertThat(reply).isNotDone();
        fetcher.eventLoop().runAll();

        assertThat(now(reply)).containsExactly("0 hw=0", "1 hw=1 bytes=" + size);
    }

    @Test
    void shouldAnswerEmptyWhenTheTimeIsOver() {
        CompletableFuture<FetchResponse> reply = fetcher.fetch(fetcher.wants(first, 0));
        partitions.timers().advance(499);
        fetcher.eventLoop().runAll();
        assertThat(reply).isNotDone();

        partitions.timers().advance(1);
        fetcher.eventLoop().runAll();

        assertThat(now(reply)).containsExactly("0 hw=0");
        assertThat(partitions.timers().waiting()).isZero();
    }

    @Test
    void shouldWaitForTheMinimumOfBytes() {
        int size = partitions.append(first, "a");
        CompletableFuture<FetchResponse> reply =
                fetcher.waits(500, size + 1).fetch(fetcher.wants(first, 0), fetcher.wants(second, 0));
        assertThat(reply).isNotDone();
        assertThat(partitions.leases()).isZero();

        partitions.append(second, "b");
        fetcher.eventLoop().runAll();

        assertThat(now(reply)).containsExactly("0 hw=1 bytes=" + size, "1 hw=1 bytes=" + size);
    }

    @Test
    void shouldWakeOnceForABurst() {
        CompletableFuture<FetchResponse> reply = fetcher.fetch(fetcher.wants(first, 0));
        partitions.append(first, "a");
        partitions.append(first, "b");
        partitions.append(first, "c");

        assertThat(fetcher.eventLoop().waiting()).isEqualTo(1);
        fetcher.eventLoop().runAll();
        assertThat(now(reply)).singleElement().asString().startsWith("0 hw=3");
    }

    @Test
    void shouldSendAFirstBatchThatIsLargerThanAllLimitsButNoOther() {
        int size = partitions.append(first, "a");
        partitions.append(second, "a");

        assertThat(now(fetcher.maxBytes(10).fetch(fetcher.wants(first, 0, 5), fetcher.wants(second, 0))))
                .containsExactly("0 hw=1 bytes=" + size, "1 hw=1");
    }

    @Test
    void shouldTellOnlyWhatChangedInASession() {
        partitions.append(first, "a");
        FetchResponse full = fetcher.session(0, 0)
                .fetch(fetcher.wants(first, 0), fetcher.wants(second, 0))
                .join();
        assertThat(full.sessionId()).isPositive();
        assertThat(Fetcher.told(full)).hasSize(2);

        fetcher.session(full.sessionId(), 1);
        CompletableFuture<FetchResponse> idle = fetcher.fetch(fetcher.wants(first, 1));
        int size = partitions.append(second, "x");
        fetcher.eventLoop().runAll();

        assertThat(idle.join().sessionId()).isEqualTo(full.sessionId());
        assertThat(now(idle)).containsExactly("1 hw=1 bytes=" + size);
    }

    @Test
    void shouldSendTheSameAgainWhenTheClientDoesNotMoveOn() {
        int size = partitions.append(first, "a");
        FetchResponse full =
                fetcher.session(0, 0).fetch(fetcher.wants(first, 0)).join();
        Fetcher.release(full);

        assertThat(now(fetcher.session(full.sessionId(), 1).fetch())).containsExactly("0 hw=1 bytes=" + size);
    }

    @Test
    void shouldServePartitionsInTurnWhenTheResponseIsTooSmallForAll() {
        int size = partitions.append(first, "a");
        partitions.append(second, "b");
        fetcher.maxBytes(1);
        FetchResponse full = fetcher.session(0, 0)
                .fetch(fetcher.wants(first, 0), fetcher.wants(second, 0))
                .join();

        assertThat(Fetcher.told(full)).containsExactly("0 hw=1 bytes=" + size, "1 hw=1");
        assertThat(now(fetcher.session(full.sessionId(), 1).fetch())).containsExactly("1 hw=1 bytes=" + size);
        assertThat(now(fetcher.session(full.sessionId(), 2).fetch())).containsExactly("0 hw=1 bytes=" + size);
    }

    @Test
    void shouldForgetPartitionsAndEndASessionWithoutAny() {
        FetchResponse full = fetcher.waits(0, 1)
                .session(0, 0)
                .fetch(fetcher.wants(first, 0), fetcher.wants(second, 0))
                .join();
        partitions.append(first, "a");
        partitions.append(second, "a");

        assertThat(now(fetcher.session(full.sessionId(), 1).fetch(List.of(), List.of(fetcher.forgets(first)))))
                .singleElement()
                .asString()
                .startsWith("1 hw=1");
        FetchResponse last = fetcher.session(full.sessionId(), 2)
                .fetch(List.of(), List.of(fetcher.forgets(second)))
                .join();
        assertThat(last.sessionId()).isZero();
        assertThat(fetcher.sessions()).isZero();
    }

    @Test
    void shouldRefuseUnknownSessionsWrongEpochsAndOtherWaysOfNaming() {
        FetchResponse full =
                fetcher.waits(0, 1).session(0, 0).fetch(fetcher.wants(first, 0)).join();

        assertThat(fetcher.session(7, 1).fetch().join().errorCode()).isEqualTo(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
        assertThat(fetcher.session(full.sessionId(), 2).fetch().join().errorCode())
                .isEqualTo(ErrorCode.INVALID_FETCH_SESSION_EPOCH);
        assertThat(fetcher.version(12)
                        .session(full.sessionId(), 1)
                        .fetch()
                        .join()
                        .errorCode())
                .isEqualTo(ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR);
    }

    @Test
    void shouldReplaceASessionTheClientGivesUp() {
        int one = fetcher.waits(0, 1)
                .session(0, 0)
                .fetch(fetcher.wants(first, 0))
                .join()
                .sessionId();
        int two = fetcher.session(one, 0).fetch(fetcher.wants(first, 0)).join().sessionId();

        assertThat(two).isNotZero().isNotEqualTo(one);
        assertThat(fetcher.sessions()).isEqualTo(1);
        assertThat(fetcher.session(two, -1)
                        .fetch(fetcher.wants(first, 0))
                        .join()
                        .sessionId())
                .isZero();
        assertThat(fetcher.sessions()).isZero();
    }

    @Test
    void shouldGoOnWithoutASessionWhenAllSlotsAreTaken() {
        fetcher.waits(0, 1).session(0, 0);
        for (int i = 0; i < 3; i++) {
            assertThat(fetcher.fetch(fetcher.wants(first, 0)).join().sessionId())
                    .isNotZero();
        }

        assertThat(fetcher.fetch(fetcher.wants(first, 0)).join().sessionId()).isZero();
    }

    @Test
    void shouldTellErrorsAtOnce() {
        partitions.append(first, "a");
        FetchResponse full = fetcher.session(0, 0)
                .fetch(fetcher.wants(first, 5), fetcher.wants(second, 0))
                .join();

        assertThat(Fetcher.told(full)).containsExactly("0 OFFSET_OUT_OF_RANGE hw=-1", "1 hw=0");
        assertThat(now(fetcher.session(full.sessionId(), 1).fetch())).containsExactly("0 OFFSET_OUT_OF_RANGE hw=-1");
        assertThat(now(fetcher.session(full.sessionId(), 2).fetch(fetcher.wants(first, 0))))
                .singleElement()
                .asString()
                .startsWith("0 hw=1 bytes=");
    }

    @Test
    void shouldTellThatTheTopicIsGone() {
        FetchResponse full = fetcher.waits(0, 1)
                .session(0, 0)
                .fetch(fetcher.wants(first, 0), fetcher.wants(second, 0))
                .join();
        fetcher.waits(500, 1).session(full.sessionId(), 1);
        CompletableFuture<FetchResponse> reply = fetcher.fetch();
        partitions.delete(first);
        fetcher.eventLoop().runAll();

        assertThat(now(reply)).containsExactly("0 UNKNOWN_TOPIC_ID hw=-1");

        CompletableFuture<FetchResponse> next =
                fetcher.session(full.sessionId(), 2).fetch();
        assertThat(next).isNotDone();
        partitions.timers().advance(500);
        fetcher.eventLoop().runAll();
        assertThat(now(next)).containsExactly("0 UNKNOWN_TOPIC_ID hw=-1");
    }

    @Test
    void shouldTellUnknownTopicsAtOnceWhenThereIsNothingElseToWaitFor() {
        Partition gone = partitions.create("gone", 0);
        partitions.delete(gone);

        assertThat(now(fetcher.fetch(fetcher.wants(gone, 0)))).containsExactly("0 UNKNOWN_TOPIC_ID hw=-1");
        assertThat(now(fetcher.version(12).fetch(fetcher.wants(gone, 0))))
                .containsExactly("0 UNKNOWN_TOPIC_OR_PARTITION hw=-1");
        assertThat(fetcher.version(16).fetch(fetcher.wants(gone, 0), fetcher.wants(first, 0)))
                .isNotDone();
    }

    @Test
    void shouldReadAsFarAsTheReaderMay() {
        partitions.lead(first, 4, List.of(1, 2));
        int size = partitions.append(first, "a");

        assertThat(fetcher.fetch(fetcher.wants(first, 0))).isNotDone();
        partitions.timers().advance(500);
        fetcher.eventLoop().runAll();
        assertThat(now(fetcher.reader(Reader.REPLICA).fetch(fetcher.wants(first, 0))))
                .containsExactly("0 hw=0 bytes=" + size);
    }

    @Test
    void shouldWakeAReplicaForWhatIsNotCommitted() {
        partitions.lead(first, 4, List.of(1, 2));
        CompletableFuture<FetchResponse> reply = fetcher.reader(Reader.REPLICA).fetch(fetcher.wants(first, 0));
        int size = partitions.append(first, "a");
        fetcher.eventLoop().runAll();

        assertThat(now(reply)).containsExactly("0 hw=0 bytes=" + size);
    }

    @Test
    void shouldEndEachWaitInItsTimeWhateverTheOnesBeforeWaitedFor() {
        CompletableFuture<FetchResponse> early = fetcher.waits(500, 1).fetch(fetcher.wants(first, 0));
        partitions.timers().advance(300);
        partitions.append(first, "a");
        fetcher.eventLoop().runAll();
        assertThat(now(early)).hasSize(1);

        CompletableFuture<FetchResponse> asLong = fetcher.fetch(fetcher.wants(first, 1));
        advance(499);
        assertThat(asLong).isNotDone();
        advance(1);
        assertThat(asLong).isDone();

        early = fetcher.waits(2000, 1).fetch(fetcher.wants(first, 1));
        partitions.append(first, "b");
        fetcher.eventLoop().runAll();
        assertThat(now(early)).hasSize(1);
        CompletableFuture<FetchResponse> shorter = fetcher.waits(100, 1).fetch(fetcher.wants(first, 2));
        advance(99);
        assertThat(shorter).isNotDone();
        advance(1);
        assertThat(shorter).isDone();
        assertThat(partitions.timers().waiting()).isZero();
    }

    /** Lets so many steps of a ms go by. */
    private void advance(int ms) {
        for (int i = 0; i < ms; i++) {
            partitions.timers().advance(1);
            fetcher.eventLoop().runAll();
        }
    }

    @Test
    void shouldLeaveNothingBehindWhenTheConnectionEnds() {
        CompletableFuture<FetchResponse> reply = fetcher.session(0, 0).fetch(fetcher.wants(first, 0));
        fetcher.close();
        partitions.append(first, "a");
        partitions.timers().advance(1000);
        fetcher.eventLoop().runAll();

        assertThat(reply).isDone();
        assertThat(partitions.timers().waiting()).isZero();
        assertThat(fetcher.eventLoop().waiting()).isZero();
    }

    private static List<String> now(CompletableFuture<FetchResponse> reply) {
        assertThat(reply).isDone();
        return Fetcher.told(reply.join());
    }
}
