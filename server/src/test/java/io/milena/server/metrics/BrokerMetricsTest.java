package io.milena.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.HeartbeatResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BrokerMetricsTest {
    private final RequestStatistics requests = new RequestStatistics();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final BrokerMetrics metrics = new BrokerMetrics(registry, requests);

    @Test
    void shouldAddUpTheRequestsOfAllLoops() {
        requests.of("loop 1").answered(ApiKey.HEARTBEAT, 4, 1_000_000, 100, 10);
        requests.of("loop 1").answered(ApiKey.HEARTBEAT, 4, 1_000_000, 100, 10);
        requests.of("loop 2").answered(ApiKey.HEARTBEAT, 4, 2_000_000, 200, 20);
        requests.of("loop 2").answered(ApiKey.HEARTBEAT, 3, 1, 1, 1);

        assertThat(counter("milena.requests", "version", "4")).isEqualTo(3);
        assertThat(counter("milena.request.size", "version", "4")).isEqualTo(400);
        assertThat(counter("milena.response.size", "version", "4")).isEqualTo(40);
        assertThat(registry.get("milena.request.duration")
                        .tag("api", "Heartbeat")
                        .tag("version", "4")
                        .functionTimer()
                        .totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(4);
        assertThat(registry.get("milena.network.received").functionCounter().count())
                .isEqualTo(401);
    }

    @Test
    void shouldCountErrorsByCode() {
        LoopRequests loop = requests.of("loop");
        HeartbeatResponse response = new HeartbeatResponse().errorCode(ErrorCode.UNKNOWN_MEMBER_ID);

        assertThat(loop.errors(ApiKey.HEARTBEAT, response)).isEqualTo(1);
        assertThat(loop.errors(ApiKey.HEARTBEAT, response)).isEqualTo(1);
        assertThat(loop.errors(ApiKey.HEARTBEAT, new HeartbeatResponse())).isZero();
        assertThat(counter("milena.request.errors", "error", "UNKNOWN_MEMBER_ID"))
                .isEqualTo(2);
    }

    @Test
    void shouldCountOnWhenTheCollectorRan() {
        MeterRows rows = metrics.rows(BrokerMeter.TOPIC_RECORDS);
        rows.show(Map.of(List.of("a"), 1));
        requests.of("loop").answered(ApiKey.HEARTBEAT, 4, 1, 1, 1);
        System.gc();
        requests.of("loop").answered(ApiKey.HEARTBEAT, 4, 1, 1, 1);
        rows.show(Map.of(List.of("a"), 2));

        assertThat(counter("milena.requests", "version", "4")).isEqualTo(2);
        assertThat(counter("milena.topic.records", "topic", "a")).isEqualTo(2);
        assertThat(registry.get("milena.request.duration").functionTimer().count())
                .isEqualTo(2);
    }

    @Test
    void shouldShowARegistryWhatWasCountedBefore() {
        requests.of("loop").answered(ApiKey.HEARTBEAT, 4, 1, 1, 1);
        SimpleMeterRegistry late = new SimpleMeterRegistry();
        new BrokerMetrics(late, requests);

        assertThat(late.get("milena.requests").functionCounter().count()).isEqualTo(1);
    }

    @Test
    void shouldShowHistogramsToPrometheus() {
        PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        BrokerMetrics shown = new BrokerMetrics(prometheus, requests);
        requests.of("loop").answered(ApiKey.OFFSET_COMMIT, 9, 20_000, 1, 1);
        requests.of("loop").answered(ApiKey.OFFSET_COMMIT, 9, 20_000_000_000L, 1, 1);

        assertThat(prometheus.scrape())
                .contains(
                        "milena_request_duration_seconds_bucket{api=\"OffsetCommit\",version=\"9\",le=\"1.6E-5\"} 0",
                        "milena_request_duration_seconds_bucket{api=\"OffsetCommit\",version=\"9\",le=\"3.2E-5\"} 1",
                        "milena_request_duration_seconds_bucket{api=\"OffsetCommit\",version=\"9\",le=\"+Inf\"} 2",
                        "milena_request_duration_seconds_count{api=\"OffsetCommit\",version=\"9\"} 2",
                        "milena_requests_total{api=\"OffsetCommit\",version=\"9\"} 2");
        shown.close();
        assertThat(prometheus.scrape()).doesNotContain("milena_");
    }

    @Test
    void shouldReplaceRows() {
        MeterRows rows = metrics.rows(BrokerMeter.TOPIC_SIZE);
        rows.show(Map.of(List.of("a"), 1, List.of("b"), 2));
        rows.show(Map.of(List.of("b"), 3, List.of("c"), 4));

        assertThat(registry.find("milena.topic.size").tag("topic", "a").gauge()).isNull();
        assertThat(registry.get("milena.topic.size").tag("topic", "b").gauge().value())
                .isEqualTo(3);
        assertThat(registry.get("milena.topic.size").tag("topic", "c").gauge().value())
                .isEqualTo(4);
        rows.close();
        assertThat(registry.find("milena.topic.size").gauges()).isEmpty();
    }

    @Test
    void shouldLeaveNothingInTheRegistry() {
        requests.of("loop").answered(ApiKey.HEARTBEAT, 4, 1, 1, 1);
        metrics.close();
        requests.of("loop").answered(ApiKey.HEARTBEAT, 3, 1, 1, 1);

        assertThat(registry.getMeters()).isEmpty();
    }

    private double counter(String name, String tag, String value) {
        return registry.get(name).tag(tag, value).functionCounter().count();
    }
}
