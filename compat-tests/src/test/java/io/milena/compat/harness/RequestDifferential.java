package io.milena.compat.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.ResponseHeader;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests that no client library would send to two brokers, in every version that can carry them, and compares the
 * responses field by field. Which broker listens where, ids and sentences may differ, and the order of lists.
 */
public final class RequestDifferential implements AutoCloseable {

    private static final int CORRELATION_ID = 11;
    private static final Duration STEP = Duration.ofMillis(50);

    private final Differential brokers;
    private final Map<BrokerProcess, RawConnection> connections = new ConcurrentHashMap<>();
    private int compared;

    /** Connects to these brokers when a request is sent. */
    public RequestDifferential(Differential brokers) {
        this.brokers = brokers;
    }

    /** How many pairs of responses were compared. */
    public int compared() {
        return compared;
    }

    /**
     * The differences between the responses to a request, one text for each version; empty if there are none. A version that cannot
     * carry the request, or for which there is none, is left out.
     */
    public List<String> differences(ApiKeys api, IntFunction<@Nullable ApiMessage> requests) {
        List<String> differences = new ArrayList<>();
        for (short version = api.oldestVersion(); version <= api.latestVersion(false); version++) {
            ApiMessage request = requests.apply(version);
            byte[] frame = request == null ? null : frame(api, version, request);
            if (frame != null) {
                List<String> both = responses(api, version, frame);
                compared++;
                if (!brokers.compared(Agreements.Kind.REQUEST, both.get(0).equals(both.get(1)))) {
                    differences.add(api + " " + version + " " + request + "\n  subject:   " + both.get(0)
                            + "\n  reference: " + both.get(1));
                }
            }
        }
        return differences;
    }

    /** Asserts that the responses to these requests are the same, in every version that can carry them. */
    @SafeVarargs
    public final void same(ApiKeys api, IntFunction<@Nullable ApiMessage>... requests) {
        List<IntFunction<@Nullable ApiMessage>> all = new ArrayList<>(requests.length);
        for (IntFunction<@Nullable ApiMessage> request : requests) {
            all.add(request);
        }
        same(api, all);
    }

    private void same(ApiKeys api, List<IntFunction<@Nullable ApiMessage>> requests) {
        List<String> differences = new ArrayList<>();
        for (IntFunction<@Nullable ApiMessage> request : requests) {
            differences.addAll(differences(api, request));
        }
        assertThat(String.join("\n", differences)).as("differences of " + api).isEmpty();
    }

    /**
     * Asserts the same of a request that only shows something, after waiting until it holds in the newest version: the reference shows a
     * change a little after it has answered.
     */
    public void sameSoon(ApiKeys api, IntFunction<@Nullable ApiMessage> request) {
        ApiMessage newest = request.apply(api.latestVersion(false));
        if (newest != null) {
            long deadline = System.nanoTime() + Differential.SOON.toNanos();
            List<String> both = responses(api, newest);
            while (!both.get(0).equals(both.get(1)) && System.nanoTime() < deadline) {
                Waiting.pause(STEP);
                both = responses(api, newest);
            }
        }
        same(api, List.of(request));
    }

    /** What each broker answers to a request of the newest version, the selected broker first. */
    public List<String> responses(ApiKeys api, ApiMessage request) {
        short version = api.latestVersion(false);
        byte[] frame = frame(api, version, request);
        if (frame == null) {
            throw new IllegalArgumentException("the newest version cannot carry " + request);
        }
        return responses(api, version, frame);
    }

    /** What each broker answers to a request made for it, in one version, the selected broker first. */
    public List<String> responses(ApiKeys api, short version, Function<BrokerProcess, ApiMessage> requests) {
        return brokers.each(broker -> {
            byte[] frame = frame(api, version, requests.apply(broker));
            if (frame == null) {
                throw new IllegalArgumentException("version " + version + " cannot carry the request");
            }
            return response(api, version, broker, frame);
        });
    }

    /** Counts a comparison that was made with {@link #responses}; returns whether both were the same. */
    public boolean counted(boolean same) {
        return brokers.compared(Agreements.Kind.REQUEST, same);
    }

    @Override
    public void close() {
        connections.values().forEach(RequestDifferential::close);
        connections.clear();
    }

    private List<String> responses(ApiKeys api, short version, byte[] frame) {
        return brokers.each(broker -> response(api, version, broker, frame));
    }

    private String response(ApiKeys api, short version, BrokerProcess broker, byte[] frame) {
        try {
            return response(api, version, connection(broker), frame);
        } catch (IOException e) {
            close(connections.remove(broker));
            return "closed the connection";
        }
    }

    private static byte @Nullable [] frame(ApiKeys api, short version, ApiMessage request) {
        RequestHeader header = new RequestHeader(api, version, "raw", CORRELATION_ID);
        try {
            ByteBuffer head = MessageUtil.toByteBufferAccessor(header.data(), header.headerVersion())
                    .buffer();
            ByteBuffer body = MessageUtil.toByteBufferAccessor(request, version).buffer();
            int size = head.remaining() + body.remaining();
            return ByteBuffer.allocate(4 + size)
                    .putInt(size)
                    .put(head)
                    .put(body)
                    .array();
        } catch (UnsupportedVersionException | NullPointerException e) {
            return null;
        }
    }

    private static String response(ApiKeys api, short version, RawConnection connection, byte[] frame)
            throws IOException {
        connection.send(frame);
        ByteBuffer bytes = connection.response();
        ResponseHeader.parse(bytes, api.responseHeaderVersion(version));
        ApiMessage response = api.messageType.newResponse();
        response.read(new ByteBufferAccessor(bytes), version);
        return MessageText.of(response) + (bytes.hasRemaining() ? " and more bytes" : "");
    }

    private RawConnection connection(BrokerProcess broker) throws IOException {
        RawConnection connection = connections.get(broker);
        if (connection == null) {
            connection = RawConnection.open(broker.port());
            connections.put(broker, connection);
        }
        return connection;
    }

    private static void close(@Nullable RawConnection connection) {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
