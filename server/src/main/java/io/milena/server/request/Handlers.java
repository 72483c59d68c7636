package io.milena.server.request;

import io.milena.protocol.ApiKey;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All handlers of a broker, at most one for an API: what it can do, and all that {@code ApiVersions} announces. Unchanging. */
public final class Handlers {
    private final Map<ApiKey, ApiHandler<?, ?>> byApiKey = new EnumMap<>(ApiKey.class);
    private final List<ApiHandler<?, ?>> all;

    /** @throws IllegalArgumentException if two handlers answer one API, or one has versions the protocol does not know */
    public Handlers(List<ApiHandler<?, ?>> handlers) {
        for (ApiHandler<?, ?> handler : handlers) {
            ApiKey apiKey = handler.apiKey();
            if (!apiKey.versions().contains(handler.versions().lowest())
                    || !apiKey.versions().contains(handler.versions().highest())) {
                throw new IllegalArgumentException(apiKey + " has no versions " + handler.versions());
            }
            if (byApiKey.put(apiKey, handler) != null) {
                throw new IllegalArgumentException("two handlers for " + apiKey);
            }
        }
        all = List.copyOf(byApiKey.values());
    }

    /** The handler of an API, null if this broker does not serve it. */
    public @Nullable ApiHandler<?, ?> find(ApiKey apiKey) {
        return byApiKey.get(apiKey);
    }

    /** All handlers, by ascending API key. */
    public List<ApiHandler<?, ?>> all() {
        return all;
    }
}
