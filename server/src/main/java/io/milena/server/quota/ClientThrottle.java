package io.milena.server.quota;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.milena.server.cluster.ImageSource;
import io.milena.server.cluster.QuotaEntity;
import io.milena.server.cluster.QuotaEntity.Part;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Holds clients to their quotas. Costs nothing while there are none. A client that used nothing for a while may use more for
 * {@code burstMs}, as Kafka's average over its samples lets it.
 */
public final class ClientThrottle {
    /** Bytes of records a second that a client may send. */
    public static final String PRODUCED_BYTES = "producer_byte_rate";

    /** Bytes of records a second that a client may fetch. */
    public static final String FETCHED_BYTES = "consumer_byte_rate";

    /** Clients whose use is remembered; of more, the longest idle begin anew. */
    private static final int MAX_BUCKETS = 20_000;

    private final ImageSource images;
    private final LongSupplier clockMs;
    private final long burstMs;
    private final Cache<Use, QuotaBucket> buckets =
            Caffeine.newBuilder().maximumSize(MAX_BUCKETS).build();

    /** Those who share a bucket: a null stands for a property that does not matter. */
    private record Use(
            String quota, @Nullable String user, @Nullable String clientId) {}

    /** A quota that was found, and what of the client it was given to. */
    private record Limit(double perSecond, boolean ofUser, boolean ofClient) {}

    /** @param burstMs quota.window.size.seconds for all samples of quota.window.num but one */
    public ClientThrottle(ImageSource images, LongSupplier clockMs, long burstMs) {
        this.images = images;
        this.clockMs = clockMs;
        this.burstMs = burstMs;
    }

    /** Whether anybody has quotas at all. */
    public boolean isNeeded() {
        return !images.image().quotas().isEmpty();
    }

    /**
     * Counts what a client used.
     *
     * @param quota one of the above
     * @return how long the client has to wait, in ms; 0 if it is within its quota or has none
     */
    public int use(String quota, String user, String clientId, double amount) {
        Limit limit = limit(images.image().quotas(), quota, user, clientId);
        if (limit == null) {
            return 0;
        }
        long nowMs = clockMs.getAsLong();
        Use use = new Use(quota, limit.ofUser ? user : null, limit.ofClient ? clientId : null);
        return buckets.get(use, key -> new QuotaBucket(nowMs)).use(amount, limit.perSecond, nowMs, burstMs);
    }

    /** The most particular quota there is (KIP-55): a client of a user goes before the user, a user before the client. */
    private static @Nullable Limit limit(
            Map<QuotaEntity, Map<String, Double>> quotas, String quota, String user, String clientId) {
        for (String ofUser : names(user)) {
            for (String ofClient : names(clientId)) {
                Double perSecond = find(
                        quotas, quota, new Part(QuotaEntity.USER, ofUser), new Part(QuotaEntity.CLIENT_ID, ofClient));
                if (perSecond != null) {
                    return new Limit(perSecond, true, true);
                }
            }
            Double perSecond = find(quotas, quota, new Part(QuotaEntity.USER, ofUser));
            if (perSecond != null) {
                return new Limit(perSecond, true, false);
            }
        }
        for (String ofClient : names(clientId)) {
            Double perSecond = find(quotas, quota, new Part(QuotaEntity.CLIENT_ID, ofClient));
            if (perSecond != null) {
                return new Limit(perSecond, false, true);
            }
        }
        return null;
    }

    /** A name, and then what holds for all without a quota of their own. */
    private static @Nullable String[] names(String name) {
        return new @Nullable String[] {name, null};
    }

    private static @Nullable Double find(Map<QuotaEntity, Map<String, Double>> quotas, String quota, Part... parts) {
        Map<String, Double> found = quotas.get(new QuotaEntity(List.of(parts)));
        return found == null ? null : found.get(quota);
    }
}
