package io.milena.server.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milena.protocol.ApiKey;
import io.milena.protocol.message.FetchRequest;
import io.milena.protocol.message.FetchResponse;
import io.milena.protocol.message.HeartbeatRequest;
import io.milena.protocol.message.HeartbeatResponse;
import io.milena.protocol.wire.BufferRecords;
import io.milena.server.metrics.RequestStatistics;
import io.milena.server.request.FakeHandler;
import io.milena.server.request.FakeHandler.Call;
import io.milena.server.request.Handlers;
import io.milena.server.strand.ManualTimers;
import io.milena.server.testing.Frames;
import io.milena.server.testing.NothingLeftOver;
import io.milena.server.testing.WireClient;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The network on sockets of this machine. */
@ExtendWith(NothingLeftOver.class)
class NetworkTest {
    private static final int FILE_BYTES = 3 << 20;

    @TempDir
    private Path directory;

    private final ManualTimers timers = new ManualTimers();
    private final BlockingQueue<Call<HeartbeatRequest, HeartbeatResponse>> parked = new LinkedBlockingQueue<>();
    private final AtomicInteger leases = new AtomicInteger();
    private final AtomicInteger fetches = new AtomicInteger();
    private final List<WireClient> clients = new ArrayList<>();
    private EventLoops loops = new EventLoops(2);
    private Network network = network(NetworkSettings.defaults());
    private Listener listener = listen();
    private volatile @Nullable FileChannel records;

    @AfterEach
    void close() throws IOException {
        for (WireClient client : clients) {
            client.close();
        }
        network.close();
        loops.close();
        assertThat(leases).hasValue(0);
    }

    @Test
    void shouldServeSeveralListeners() throws Exception {
        Listener second = network.listen("INTERNAL", "localhost", 0);
        assertThat(second.address().getPort())
                .isPositive()
                .isNotEqualTo(listener.address().getPort());
        WireClient client = client(second);
        client.send(ApiKey.HEARTBEAT, 4, new HeartbeatRequest());

        Call<HeartbeatRequest, HeartbeatResponse> call = parked.take();
        assertThat(call.context().listenerName()).isEqualTo("INTERNAL");
        assertThat(call.context().localAddress().getPort())
                .isEqualTo(second.address().getPort());
        assertThat(call.context().clientAddress()).isEqualTo(client.address());
        call.answer().complete(new HeartbeatResponse());
        assertThat(Frames.response(ApiKey.HEARTBEAT, 4, client.receive())).isEqualTo(new HeartbeatResponse());
    }

    @Test
    void shouldSayWhenAPortIsTaken() {
        assertThatThrownBy(() ->
                        network.listen("SECOND", "localhost", listener.address().getPort()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("listener=SECOND");
    }

    @Test
    void shouldCloseOnGarbage() throws Exception {
        WireClient http = client(listener);
        http.sendBytes(ByteBuffer.wrap("GET / HTTP/1.1\r\n\r\n".getBytes()));
        assertThat(http.isClosedByBroker()).isTrue();

        WireClient tls = client(listener);
        tls.sendBytes(ByteBuffer.wrap(new byte[] {0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, (byte) 0xFC}));
        assertThat(tls.isClosedByBroker()).isTrue();
    }

    @Test
    void shouldForgetClientsThatLeaveInTheMiddleOfAFrame() throws Exception {
        for (int length = 1; length < 30; length++) {
            WireClient client = client(listener);
            ByteBuffer frame = Frames.request(ApiKey.HEARTBEAT, 4, 1, new HeartbeatRequest().groupId("group"));
            client.sendBytes(frame.limit(length));
            client.close();
        }
        awaitConnections(0);
    }

    @ParameterizedTest(name = "epoll {0}")
    @ValueSource(strings = {"true", "false"})
    void shouldSendRecordsFromFilesOnEachTransport(String epoll) throws Exception {
        restart(new EventLoops(2, Boolean.parseBoolean(epoll)), NetworkSettings.defaults());
        byte[] bytes = new byte[FILE_BYTES];
        new Random(1).nextBytes(bytes);
        Path file = Files.write(directory.resolve("records"), bytes);
        WireClient client = client(listener);
        try (FileChannel channel = FileChannel.open(file)) {
            records = channel;
            int[] sizes = {1, 100, 32 * 1024, 32 * 1024 + 1, 1 << 20, FILE_BYTES - 5};
            for (int size : sizes) {
                FetchResponse response =
                        (FetchResponse) client.call(ApiKey.FETCH, 12, new FetchRequest().minBytes(size));
                assertThat(response.responses().get(0).partitions())
                        .extracting(FetchResponse.Partition::records)
                        .containsOnly(new BufferRecords(ByteBuffer.wrap(bytes, 5, size)));
            }
            awaitLeases(0);
        }
    }

    @Test
    void shouldBoundWhatASlowReaderHoldsAndGiveItBack() throws Exception {
        Path file = Files.write(directory.resolve("records"), new byte[FILE_BYTES]);
        try (FileChannel channel = FileChannel.open(file)) {
            records = channel;
            WireClient slow = new WireClient(listener.address().getPort(), 4096);
            clients.add(slow);
            int requests = 50;
            for (int i = 0; i < requests; i++) {
                slow.send(ApiKey.FETCH, 12, new FetchRequest().minBytes(1 << 20));
            }
            WireClient other = client(listener);
            other.call(ApiKey.FETCH, 12, new FetchRequest().minBytes(100));
            assertThat(fetches.get()).as("the slow client's requests wait").isLessThan(requests / 2);

            for (int i = 0; i < requests / 2; i++) {
                slow.receive();
            }
            slow.close();
            awaitConnections(1);
            awaitLeases(0);
        }
    }

    @Test
    void shouldCarryManyIdleConnectionsAndCloseThemInTheEnd() throws Exception {
        for (int i = 0; i < 300; i++) {
            client(listener);
        }
        WireClient active = client(listener);
        active.send(ApiKey.HEARTBEAT, 4, new HeartbeatRequest());
        Call<HeartbeatRequest, HeartbeatResponse> waiting = parked.take();
        awaitConnections(301);

        for (int i = 0; i < 11; i++) {
            timers.advance(60_000);
            awaitTimers(1);
        }
        awaitConnections(1);
        waiting.answer().complete(new HeartbeatResponse());
        assertThat(active.receive().remaining())
                .as("a request in progress is not idleness")
                .isPositive();
    }

    @Test
    void shouldRefuseMoreConnectionsThanAllowed() throws Exception {
        restart(new EventLoops(1), new NetworkSettings(1000, 1000, 600_000, limits(3, 2), 50, -1, -1, 1_000));
        client(listener);
        WireClient second = client(listener);
        awaitConnections(2);
        assertThat(client(listener).isClosedByBroker()).isTrue();

        second.close();
        awaitConnections(1);
        WireClient third = client(listener);
        third.send(ApiKey.HEARTBEAT, 4, new HeartbeatRequest());
        assertThat(parked.take().answer().complete(new HeartbeatResponse())).isTrue();
        assertThat(third.receive().remaining()).isPositive();

        network.limits(new ConnectionLimits(3, 2, Map.of(InetAddress.getLoopbackAddress(), 3)));
        client(listener);
        awaitConnections(3);
        network.limits(limits(1, 10));
        assertThat(client(listener).isClosedByBroker()).isTrue();
    }

    @Test
    void shouldAnswerWhatIsInProgressBeforeItCloses() throws Exception {
        WireClient idle = client(listener);
        WireClient client = client(listener);
        client.send(ApiKey.HEARTBEAT, 4, new HeartbeatRequest());
        Call<HeartbeatRequest, HeartbeatResponse> call = parked.take();
        Thread closing = new Thread(network::close);
        closing.start();

        assertThat(idle.isClosedByBroker()).isTrue();
        call.answer().complete(new HeartbeatResponse());
        assertThat(client.receive().remaining()).isPositive();
        assertThat(client.isClosedByBroker()).isTrue();
        closing.join();
        assertThat(network.connections()).isZero();
    }

    @Test
    void shouldCloseInBoundedTimeWhateverIsInProgress() throws Exception {
        restart(new EventLoops(1), new NetworkSettings(1000, 1000, 600_000, limits(10, 10), 50, -1, -1, 50));
        WireClient client = client(listener);
        client.send(ApiKey.HEARTBEAT, 4, new HeartbeatRequest());
        Call<HeartbeatRequest, HeartbeatResponse> call = parked.take();
        network.close();

        assertThat(client.isClosedByBroker()).isTrue();
        call.answer().complete(new HeartbeatResponse());
    }

    private static ConnectionLimits limits(int max, int maxPerIp) {
        return new ConnectionLimits(max, maxPerIp, Map.of());
    }

    private Network network(NetworkSettings settings) {
        FakeHandler<HeartbeatRequest, HeartbeatResponse> heartbeat = FakeHandler.serial(ApiKey.HEARTBEAT, parked::add);
        FakeHandler<FetchRequest, FetchResponse> fetch = FakeHandler.serial(ApiKey.FETCH, this::answerFetch);
        return new Network(
                settings,
                loops,
                timers,
                new Handlers(List.of(heartbeat, fetch)),
                new RequestLog(new RequestStatistics(), 1_000));
    }

    private Listener listen() {
        try {
            return network.listen("PLAINTEXT", "localhost", 0);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void restart(EventLoops otherLoops, NetworkSettings settings) {
        network.close();
        loops.close();
        loops = otherLoops;
        network = network(settings);
        listener = listen();
    }

    private WireClient client(Listener to) throws IOException {
        WireClient client = new WireClient(to.address().getPort());
        clients.add(client);
        return client;
    }

    /** Two partitions, each with minBytes of the file, from position 5. */
    private void answerFetch(Call<FetchRequest, FetchResponse> call) {
        fetches.incrementAndGet();
        List<FetchResponse.Partition> partitions = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            leases.incrementAndGet();
            partitions.add(new FetchResponse.Partition()
                    .partitionIndex(i)
                    .records(new LentFileRecords(records, 5, call.request().minBytes(), leases)));
        }
        call.answer()
                .complete(new FetchResponse()
                        .responses(List.of(new FetchResponse.Topic().topic("t").partitions(partitions))));
    }

    private void awaitConnections(int expected) throws InterruptedException {
        await(() -> network.connections() == expected, "connections: " + expected);
    }

    private void awaitLeases(int expected) throws InterruptedException {
        await(() -> leases.get() == expected, "leases: " + expected);
    }

    private void awaitTimers(int expected) throws InterruptedException {
        await(() -> timers.waiting() == expected, "timers: " + expected);
    }

    private static void await(BooleanSupplier condition, String what) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        for (int i = 0; i < 5_000 && !condition.getAsBoolean(); i++) {
            never.await(2, TimeUnit.MILLISECONDS);
        }
        assertThat(condition.getAsBoolean()).as(what).isTrue();
    }
}
