package io.milena.server.partition.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.message.FetchRequest;
import io.milena.protocol.message.FetchResponse;
import io.milena.server.partition.Partition;
import io.milena.server.partition.TestPartitions;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stays from one fetch without a session to the next: watches, and nothing that a client could notice. */
class FetchWithoutSessionTest {
    private static final int MANY = FetchSession.MAX_KEPT_WITHOUT_ID + 1;

    @TempDir
    Path folder;

    private TestPartitions partitions;
    private Partition first;
    private Partition second;
    private Fetcher fetcher;

    @BeforeEach
    void open() {
        partitions = new TestPartitions(folder);
        first = partitions.create("orders", 0);
        second = partitions.create("orders", 1);
        fetcher = new Fetcher(partitions, new FetchSessions(3, () -> 7, new ColdReads(Runnable::run)));
    }

    @AfterEach
    void close() {
        fetcher.close();
        assertThat(partitions.leases()).isZero();
        assertThat(partitions.watched()).isEmpty();
        partitions.close();
    }

    @Test
    void shouldKeepWatchingWhatIsNamedAgain() {
        await(fetcher.wants(first, 0), fetcher.wants(second, 0));
        assertThat(partitions.watched()).hasSize(2);

        await(fetcher.wants(second, 0));
        assertThat(partitions.watched()).containsExactly(second.toString());

        await(fetcher.wants(first, 0));
        assertThat(partitions.watched()).containsExactly(first.toString());
    }

    @Test
    void shouldNotMissWhatCameBetweenTwoFetches() {
        await(fetcher.wants(first, 0));
        partitions.append(first, "a");

        assertThat(told(fetcher.fetch(fetcher.wants(first, 0))))
                .singleElement()
                .asString()
                .startsWith("0 hw=1 bytes=");

        CompletableFuture<FetchResponse> waiting = fetcher.fetch(fetcher.wants(first, 1));
        assertThat(waiting).isNotDone();
        partitions.append(first, "b");
        fetcher.eventLoop().runAll();
        assertThat(told(waiting)).singleElement().asString().startsWith("0 hw=2 bytes=");
    }

    @Test
    void shouldNameEverythingInTheOrderOfEachRequest() {
        await(fetcher.wants(first, 0), fetcher.wants(second, 0));
        int size = partitions.append(first, "a");

        assertThat(told(fetcher.fetch(fetcher.wants(second, 0), fetcher.wants(first, 0))))
                .containsExactly("1 hw=0", "0 hw=1 bytes=" + size);
    }

    @Test
    void shouldNotMixNamesAndIds() {
        await(fetcher.wants(first, 0));
        fetcher.version(12);
        await(fetcher.wants(first, 0));
        assertThat(partitions.watched()).containsExactly(first.toString());

        partitions.append(first, "a");
        CompletableFuture<FetchResponse> response = fetcher.fetch(fetcher.wants(first, 0));
        assertThat(response.join().responses().get(0).topic()).isEqualTo("orders");
        assertThat(told(response)).hasSize(1);
    }

    @Test
    void shouldKeepNothingOfAFetchOfMany() {
        FetchRequest.Topic[] all = new FetchRequest.Topic[MANY];
        for (int i = 0; i < MANY; i++) {
            all[i] = fetcher.wants(partitions.create("many", i), 0);
        }
        await(all);

        assertThat(partitions.watched()).isEmpty();
    }

    @Test
    void shouldKeepNothingWhenTheClientBeginsASession() {
        await(fetcher.wants(first, 0));
        int session = fetcher.waits(0, 1)
                .session(0, 0)
                .fetch(fetcher.wants(second, 0))
                .join()
                .sessionId();

        assertThat(session).isEqualTo(7);
        assertThat(partitions.watched()).doesNotContain(first.toString());
    }

    private void await(FetchRequest.Topic... topics) {
        CompletableFuture<FetchResponse> waiting = fetcher.fetch(topics);
        assertThat(waiting).isNotDone();
        partitions.timers().advance(500);
        fetcher.eventLoop().runAll();
        assertThat(waiting.join().responses().stream()
                        .mapToInt(topic -> topic.partitions().size())
                        .sum())
                .isEqualTo(topics.length);
    }

    private static List<String> told(CompletableFuture<FetchResponse> response) {
        return Fetcher.told(response.join());
    }
}
