package io.milena.server.console;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.milena.server.network.http.HttpHandler;
import io.milena.server.network.http.HttpReply;
import io.milena.server.network.http.HttpRequest;
import io.milena.server.strand.Strand;
import io.milena.server.strand.Timeout;
import io.milena.server.strand.Timers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Answers the admin port: {@code /metrics}, {@code /health/live}, {@code /health/ready}. Any thread.
 */
public final class Console implements HttpHandler {
    /** The longest time that a scrape waits for numbers that have to be collected; then it shows those of before. */
    static final long MAX_COLLECT_MS = 2_000;

    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int UNAVAILABLE = 503;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Supplier<Health> health;
    private final Supplier<CompletionStage<Void>> collect;
    private final Timers timers;
    private final Executor background;
    private final Strand scrapes;
    private int sizeOfLast = 16 * 1024;

    /**
     * @param health how the broker is now
     * @param collect brings numbers up to date that are not read where they are counted
     * @param timers end the wait for a collection
     * @param background collects and formats what is scraped
     */
    public Console(
            Supplier<Health> health, Supplier<CompletionStage<Void>> collect, Timers timers, Executor background) {
        this.health = health;
        this.collect = collect;
        this.timers = timers;
        this.background = background;
        scrapes = new Strand("scrapes", background);
    }

    /** The registry that is scraped. */
    public PrometheusMeterRegistry registry() {
        return registry;
    }

    @Override
    public CompletionStage<HttpReply> handle(HttpRequest request) {
        return switch (request.path()) {
            case "/metrics" -> metrics(request);
            case "/health/live" -> done(health(health.get() != Health.LOST));
            case "/health/ready" -> done(health(health.get() == Health.READY));
            case "/" -> done(HttpReply.text(OK, "/metrics\n/health/live\n/health/ready"));
            default -> done(HttpReply.text(NOT_FOUND, "there is no such page"));
        };
    }

    private HttpReply health(boolean isGood) {
        return HttpReply.text(isGood ? OK : UNAVAILABLE, health.get().name().toLowerCase(Locale.ROOT));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what happens afterwards ends in the reply
    private CompletionStage<HttpReply> metrics(HttpRequest request) {
        String type = request.accept().contains("application/openmetrics-text") ? OPEN_METRICS : TEXT;
        CompletableFuture<HttpReply> reply = new CompletableFuture<>();
        CompletableFuture<Void> collected = new CompletableFuture<>();
        Timeout timeout = timers.schedule(MAX_COLLECT_MS, () -> collected.complete(null));
        background.execute(() -> collect.get().whenComplete((done, failure) -> collected.complete(null)));
        collected.thenRun(() -> {
            timeout.cancel();
            scrapes.executeLater(() -> scrape(type, reply));
        });
        return reply;
    }

    private void scrape(String type, CompletableFuture<HttpReply> reply) {
        ByteArrayOutputStream page = new ByteArrayOutputStream(sizeOfLast);
        try {
            registry.scrape(page, type);
            sizeOfLast = page.size() + page.size() / 8;
            reply.complete(new HttpReply(OK, type, ByteBuffer.wrap(page.toByteArray())));
        } catch (IOException e) {
            reply.completeExceptionally(new UncheckedIOException(e));
        } catch (RuntimeException e) {
            reply.completeExceptionally(e);
        }
    }

    private static CompletionStage<HttpReply> done(HttpReply reply) {
        return CompletableFuture.completedFuture(reply);
    }
}
